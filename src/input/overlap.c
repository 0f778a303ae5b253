/*
 * The overlap of two streams.
 *
 * It begins with all places of the past at which the new stream's first line
 * stands, and drops those that differ in what follows.  What the ones left have
 * in common is not kept a second time: it is read from the past.
 */
#include "config.h"

#include "input/overlap.h"

#include <stdlib.h>
#include <string.h>

#define NOWHERE UINT64_MAX
/* A line that is shorter may be any line. */
#define TELLING 24
/* A run that is longer is no chance. */
#define RUN_SURE 1024
/* Places of one line that are looked at, the last ones. */
#define PLACES_MAX 1024
/* Lines of the window that are entered; of more, the last ones. */
#define ENTRIES_MAX (4u << 20)
#define LINE_MAX_HELD (1u << 20)
#define READ_SIZE 65536

/* A line of the window. */
struct entry {
	uint32_t hash, at;       /* behind the begin of the window */
	uint32_t before;         /* entry + 1 of the same bucket; 0: none */
};

enum mode { BEGINNING, SEQUENCE, MIXED, OVER };

struct overlap {
	struct overlap_past past;
	enum mode mode;
	struct buf line;         /* that is not whole yet */
	uint64_t window;         /* where it begins */
	struct entry *entry;
	size_t n, cap;
	uint32_t *bucket, mask;  /* entry + 1 */
	uint64_t last_line;      /* of the past: where it begins, if it has no
	                            end; else its size */
	/* SEQUENCE: the new stream is `matched` bytes of the past from each. */
	uint64_t *alive;
	size_t nalive, alive_cap;
	uint64_t matched;
	uint64_t whole;          /* so much of it was the past's end; 0: none */
	/* MIXED. */
	uint64_t next;           /* behind the last line that was there */
	unsigned fresh_lines;    /* in a row */
	bool broken;             /* the past's last line was given its end */
	uint64_t seen;
	char *buf;
};

/* --- the past ------------------------------------------------------------------ */

/* So many bytes of the past from there on were forgotten. */
static uint64_t
gone_at(const struct overlap *o, uint64_t at)
{
	const struct overlap_gap *g = &o->past.gone;

	return at >= g->from && at < g->to ? g->to - at : 0;
}

/* How much of the text stands in the past at a place, or stood. */
static size_t
common(struct overlap *o, struct slice text, uint64_t at)
{
	size_t done = 0;

	if (at >= o->past.size)
		return 0;
	if (text.n > o->past.size - at)
		text.n = (size_t)(o->past.size - at);
	while (done < text.n) {
		size_t k = text.n - done < READ_SIZE ? text.n - done :
		    READ_SIZE, same = 0;
		uint64_t here = at + done, gone = gone_at(o, here);
		const struct overlap_gap *g = &o->past.gone;
		ssize_t got;

		if (gone) {
			done += gone < text.n - done ? (size_t)gone :
			    text.n - done;
			continue;
		}
		if (here < g->from && g->from < g->to && k > g->from - here)
			k = (size_t)(g->from - here);
		got = o->past.read(o->past.arg, o->buf, k, here);
		if (got <= 0)
			break;
		while (same < (size_t)got && o->buf[same] == text.p[done + same])
			same++;
		done += same;
		if (same < (size_t)got)
			break;
	}
	return done;
}

/* FNV-1a: byte by byte, since a line may come in pieces. */
#define HASH_BEGIN UINT32_C(2166136261)
static inline uint32_t
hash_byte(uint32_t h, char c)
{
	return (h ^ (unsigned char)c) * UINT32_C(16777619);
}

static uint32_t
hash_line(struct slice line)
{
	uint32_t h = HASH_BEGIN;

	for (size_t i = 0; i < line.n && line.p[i] != '\n'; i++)
		h = hash_byte(h, line.p[i]);
	return h;
}

static void
enter(struct overlap *o, uint64_t at, uint32_t hash)
{
	if (o->n == ENTRIES_MAX) {
		o->n /= 2;
		memmove(o->entry, o->entry + o->n, o->n * sizeof *o->entry);
	}
	mem_reserve(&o->entry, &o->cap, o->n + 1, sizeof *o->entry);
	o->entry[o->n++] = (struct entry){ .hash = hash,
	    .at = (uint32_t)(at - o->window) };
}

static void
fill_buckets(struct overlap *o)
{
	uint32_t size = 1024;

	while (size < o->n)
		size *= 2;
	o->mask = size - 1;
	o->bucket = mem_array(size, sizeof *o->bucket);
	for (size_t i = 0; i < o->n; i++) {
		uint32_t *b = &o->bucket[o->entry[i].hash & o->mask];

		o->entry[i].before = *b;
		*b = (uint32_t)i + 1;
	}
}

/* Enters the lines of the window. */
static void
read_window(struct overlap *o)
{
	uint64_t size = o->past.size, at, begin, gone = o->past.gone.to;
	uint32_t hash = HASH_BEGIN;
	bool at_line = size <= OVERLAP_WINDOW;

	if (gone <= o->past.gone.from)
		gone = 0;
	o->window = at_line ? 0 : size - OVERLAP_WINDOW;
	if (o->window < gone) {
		o->window = gone;
		at_line = true;
	}
	at = begin = o->window;
	while (at < size) {
		size_t k = size - at < READ_SIZE ? (size_t)(size - at) :
		    READ_SIZE;
		ssize_t got = o->past.read(o->past.arg, o->buf, k, at);

		if (got <= 0)
			break;
		for (ssize_t i = 0; i < got; i++) {
			if (o->buf[i] != '\n') {
				hash = hash_byte(hash, o->buf[i]);
				continue;
			}
			if (at_line)
				enter(o, begin, hash);
			at_line = true;
			begin = at + (uint64_t)i + 1;
			hash = HASH_BEGIN;
		}
		at += (uint64_t)got;
	}
	o->last_line = begin;
	fill_buckets(o);
}

/* The latest entry of that hash before `e` (entry + 1; 0: of all). */
static uint32_t
entry_before(const struct overlap *o, uint32_t hash, uint32_t e)
{
	e = e ? o->entry[e - 1].before : o->bucket[hash & o->mask];
	while (e && o->entry[e - 1].hash != hash)
		e = o->entry[e - 1].before;
	return e;
}

/* The one place of the window where the whole line stands; else NOWHERE. */
static uint64_t
only_place(struct overlap *o, struct slice line)
{
	uint32_t hash = hash_line(line), e = 0;
	uint64_t place = NOWHERE;
	unsigned looked = 0;

	if (line.n <= TELLING)
		return NOWHERE;
	while ((e = entry_before(o, hash, e)) && looked++ < PLACES_MAX) {
		uint64_t at = o->window + o->entry[e - 1].at;

		if (common(o, line, at) != line.n)
			continue;
		if (place != NOWHERE)
			return NOWHERE;
		place = at;
	}
	return place;
}

/* --- giving ---------------------------------------------------------------------- */

/* A line of the past that had no end gets one before something else follows. */
static void
give(struct overlap *o, struct slice text, struct buf *fresh)
{
	if (text.n && !o->broken && o->last_line < o->past.size) {
		struct slice half = slice_head(text,
		    (size_t)(o->past.size - o->last_line));
		size_t same = common(o, half, o->last_line);

		if (same == o->past.size - o->last_line)
			text = slice_from(text, same);
		else
			buf_add_char(fresh, '\n');
	}
	if (text.n)
		o->broken = true;
	buf_add(fresh, text);
}

static void
be_over(struct overlap *o)
{
	o->mode = OVER;
	free(o->entry);
	free(o->bucket);
	free(o->alive);
	free(o->buf);
	o->entry = NULL;
	o->bucket = NULL;
	o->alive = NULL;
	o->buf = NULL;
	o->nalive = 0;
}

/* --- line by line ------------------------------------------------------------------ */

static bool
was_there(struct overlap *o, struct slice line)
{
	if (o->next == NOWHERE || common(o, line, o->next) != line.n)
		o->next = only_place(o, line);
	if (o->next == NOWHERE)
		return false;
	o->next += line.n;
	return true;
}

static void
take_line(struct overlap *o, struct slice line, struct buf *fresh)
{
	if (was_there(o, line)) {
		o->seen += line.n;
		o->fresh_lines = 0;
		return;
	}
	give(o, line, fresh);
	if (++o->fresh_lines == OVERLAP_FRESH)
		be_over(o);
}

static void
take_mixed(struct overlap *o, struct slice text, struct buf *fresh)
{
	while (o->mode == MIXED && text.n) {
		ptrdiff_t nl = slice_find_char(text, '\n');
		size_t n = nl < 0 ? text.n : (size_t)nl + 1;

		buf_add(&o->line, slice_head(text, n));
		text = slice_from(text, n);
		if (nl < 0 && o->line.n < LINE_MAX_HELD)
			return;
		if (nl >= 0) {
			take_line(o, buf_slice(&o->line), fresh);
		} else {
			give(o, buf_slice(&o->line), fresh);
			be_over(o);
		}
		o->line.n = 0;
	}
	buf_add(fresh, text);
}

/* --- as one piece -------------------------------------------------------------------- */

/* The last line of the past from `from` to `end` has no end: it is in hand. */
static void
take_half_line(struct overlap *o, uint64_t from, uint64_t end)
{
	uint64_t begin = end;

	/* What was forgotten ended where a line does. */
	if (from < o->past.gone.to && o->past.gone.to <= end &&
	    o->past.gone.from < o->past.gone.to)
		from = o->past.gone.to;
	while (begin > from) {
		size_t k = begin - from < READ_SIZE ? (size_t)(begin - from) :
		    READ_SIZE;
		ssize_t got = o->past.read(o->past.arg, o->buf, k, begin - k);

		if (got != (ssize_t)k)
			break;
		while (k > 0 && o->buf[k - 1] != '\n') {
			k--;
			begin--;
		}
		if (k > 0)
			break;
	}
	while (begin < end) {
		size_t k = end - begin < READ_SIZE ? (size_t)(end - begin) :
		    READ_SIZE;
		ssize_t got = o->past.read(o->past.arg, o->buf, k, begin);

		if (got <= 0)
			break;
		buf_add(&o->line, (struct slice){ o->buf, (size_t)got });
		begin += (uint64_t)got;
	}
}

/*
 * No place is left.  The best of them had the stream's first `run` bytes: a
 * long run was there before; of a short one each line is asked.
 */
static void
be_mixed(struct overlap *o, uint64_t place, uint64_t run, struct slice text,
    struct buf *fresh)
{
	uint64_t before = o->matched;

	o->mode = MIXED;
	o->next = NOWHERE;
	if (before + run >= RUN_SURE) {
		take_half_line(o, place, place + before + run);
		o->seen = before + run - o->line.n;
		o->next = place + o->seen;
		text = slice_from(text, (size_t)run);
	} else if (before) {
		char head[RUN_SURE];
		ssize_t got = o->past.read(o->past.arg, head, (size_t)before,
		    place);

		if (got > 0)
			take_mixed(o, (struct slice){ head, (size_t)got }, fresh);
	}
	take_mixed(o, text, fresh);
}

/* Gives the new stream from its byte `whole` on, up to `matched`. */
static void
give_behind(struct overlap *o, uint64_t place, struct buf *fresh)
{
	for (uint64_t at = o->whole; at < o->matched;) {
		size_t k = o->matched - at < READ_SIZE ?
		    (size_t)(o->matched - at) : READ_SIZE;
		ssize_t got = o->past.read(o->past.arg, o->buf, k, place + at);

		if (got <= 0)
			break;
		buf_add(fresh, (struct slice){ o->buf, (size_t)got });
		at += (uint64_t)got;
	}
}

static void
take_sequence(struct overlap *o, struct slice text, struct buf *fresh)
{
	uint64_t witness = o->nalive ? o->alive[0] : 0, place = 0, run = 0;
	size_t left = 0;

	for (size_t i = 0; i < o->nalive; i++) {
		uint64_t at = o->alive[i], here = at + o->matched;
		size_t same = common(o, text, here);

		if (here + same == o->past.size) {
			if (o->whole < o->matched + same)
				o->whole = o->matched + same;
		} else if (same == text.n) {
			o->alive[left++] = at;
		}
		if (same > run || i == 0) {
			run = same;
			place = at;
		}
	}
	/* What is read goes before what is believed. */
	if (left && o->whole && gone_at(o, o->alive[0] + o->matched + text.n))
		memmove(o->alive, o->alive + 1, --left * sizeof *o->alive);
	o->nalive = left;
	if (left) {
		o->matched += text.n;
		o->seen = o->matched;
	} else if (o->whole) {
		o->seen = o->whole;
		if (o->whole < o->matched)
			give_behind(o, witness, fresh);
		else
			text = slice_from(text, (size_t)(o->whole - o->matched));
		be_over(o);
		buf_add(fresh, text);
	} else {
		be_mixed(o, place, run, text, fresh);
	}
}

static int
by_place(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
add_place(struct overlap *o, uint64_t at)
{
	for (size_t i = 0; i < o->nalive; i++)
		if (o->alive[i] == at)
			return;
	mem_reserve(&o->alive, &o->alive_cap, o->nalive + 1, sizeof *o->alive);
	o->alive[o->nalive++] = at;
}

/* Where the first line stands in the past. */
static void
find_places(struct overlap *o, struct slice line)
{
	uint32_t hash = hash_line(line), e = 0;

	while ((e = entry_before(o, hash, e)) && o->nalive < PLACES_MAX)
		add_place(o, o->window + o->entry[e - 1].at);
	add_place(o, 0);
	if (o->last_line < o->past.size)
		add_place(o, o->last_line);
	qsort(o->alive, o->nalive, sizeof *o->alive, by_place);
}

static void
take_beginning(struct overlap *o, struct slice text, struct buf *fresh)
{
	struct buf first;

	buf_add(&o->line, text);
	if (slice_find_char(text, '\n') < 0 && o->line.n < LINE_MAX_HELD)
		return;
	first = o->line;
	o->line = (struct buf){ 0 };
	read_window(o);
	find_places(o, buf_slice(&first));
	o->mode = SEQUENCE;
	take_sequence(o, buf_slice(&first), fresh);
	buf_free(&first);
}

/* --- from outside ----------------------------------------------------------------- */

struct overlap *
overlap_new(const struct overlap_past *past)
{
	struct overlap *o = mem_alloc(sizeof *o);

	o->past = *past;
	o->next = NOWHERE;
	o->buf = mem_resize(NULL, READ_SIZE, 1);
	if (past->size == 0)
		be_over(o);
	return o;
}

void
overlap_free(struct overlap *o)
{
	if (!o)
		return;
	be_over(o);
	buf_free(&o->line);
	free(o);
}

void
overlap_take(struct overlap *o, struct slice text, struct buf *fresh)
{
	if (text.n == 0)
		return;
	switch (o->mode) {
	case BEGINNING:
		take_beginning(o, text, fresh);
		break;
	case SEQUENCE:
		take_sequence(o, text, fresh);
		break;
	case MIXED:
		take_mixed(o, text, fresh);
		break;
	case OVER:
		buf_add(fresh, text);
		break;
	}
}

void
overlap_rest(struct overlap *o, struct buf *fresh)
{
	if (o->mode != SEQUENCE || !o->whole || !o->nalive)
		return;
	o->seen = o->whole;
	give_behind(o, o->alive[0], fresh);
	be_over(o);
}

void
overlap_end(struct overlap *o, struct buf *fresh)
{
	/* What the places that are left have was there. */
	if (o->mode == BEGINNING && o->line.n) {
		struct slice line = buf_slice(&o->line);

		read_window(o);
		if (common(o, line, o->last_line) != line.n)
			give(o, line, fresh);
	} else if (o->mode == MIXED) {
		give(o, buf_slice(&o->line), fresh);
	}
	o->line.n = 0;
	be_over(o);
}

bool
overlap_is_over(const struct overlap *o)
{
	return o->mode == OVER;
}

uint64_t
overlap_seen(const struct overlap *o)
{
	return o->seen;
}
