/*
 * The facts of a kept index, and what it is called.
 */
#include "config.h"

#include "index/keep_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "index/keep_cache.h"
#include "index/keep_sum.h"
#include "input/file.h"

/* --- the facts -------------------------------------------------------------- */

static void
pack_segments(struct keep_pack *k, struct keep_facts *f)
{
	f->nsegments = keep_pack_count(k, f->nsegments, 52);
	if (keep_pack_reads(k))
		f->segment = mem_array(f->nsegments, sizeof *f->segment);
	for (uint32_t i = 0; i < f->nsegments; i++) {
		struct keep_segment *s = &f->segment[i];

		KEEP_PACK(k, s->base);
		KEEP_PACK(k, s->first_line);
		KEEP_PACK(k, s->log.bytes);
		KEEP_PACK(k, s->log.size);
		KEEP_PACK(k, s->log.written);
		KEEP_PACK(k, s->log.written_ns);
		KEEP_PACK(k, s->log.sample);
	}
}

static void
pack_states(struct keep_pack *k, struct keep_facts *f)
{
	f->nstates = keep_pack_count(k, f->nstates, 4 + FORMAT_STATE_MAX);
	if (keep_pack_reads(k))
		f->state = mem_array(f->nstates, sizeof *f->state);
	for (uint32_t i = 0; i < f->nstates; i++) {
		KEEP_PACK(k, f->state[i].line);
		KEEP_PACK(k, f->state[i].state);
	}
}

static void
pack_counts(struct keep_pack *k, struct progress *p)
{
	KEEP_PACK(k, p->sessions);
	KEEP_PACK(k, p->by_outcome);
	KEEP_PACK(k, p->open);
	KEEP_PACK(k, p->lines);
	KEEP_PACK(k, p->meta_lines);
	KEEP_PACK(k, p->unowned_lines);
	KEEP_PACK(k, p->unreadable_lines);
	KEEP_PACK(k, p->cut_lines);
}

/* Each file begins where the one before it ends. */
static bool
segments_are_sound(const struct keep_facts *f)
{
	uint64_t at = 0;
	uint32_t line = 1;

	for (uint32_t i = 0; i < f->nsegments; i++) {
		const struct keep_segment *s = &f->segment[i];

		if (s->base != at || s->first_line < line ||
		    s->log.bytes > f->end - at || s->log.bytes > s->log.size)
			return false;
		at += s->log.bytes;
		line = s->first_line;
	}
	return f->nsegments && at == f->end && line - 1 <= f->lines;
}

static bool
states_are_sound(const struct keep_facts *f)
{
	uint32_t line = 0;

	for (uint32_t i = 0; i < f->nstates; i++) {
		if (f->state[i].line < line || f->state[i].line > f->lines + 1)
			return false;
		line = f->state[i].line;
	}
	return f->nstates && f->state[0].line == 1;
}

void
keep_pack_facts(struct keep_pack *k, struct keep_facts *f)
{
	KEEP_PACK(k, f->end);
	KEEP_PACK(k, f->lines);
	KEEP_PACK(k, f->sessions);
	KEEP_PACK(k, f->peers);
	KEEP_PACK(k, f->slots);
	KEEP_PACK(k, f->high_from);
	KEEP_PACK(k, f->shares);
	pack_counts(k, &f->counts);
	pack_segments(k, f);
	pack_states(k, f);
	if (keep_pack_reads(k))
		keep_pack_demand(k, segments_are_sound(f) &&
		    states_are_sound(f) && f->lines <= STREAM_LINES_MAX &&
		    f->slots < SLOTS_MAX && f->high_from <= f->lines &&
		    f->peers <= INTERN_MAX &&
		    f->counts.lines == f->lines &&
		    f->counts.sessions == f->sessions);
}

void
keep_facts_free(struct keep_facts *f)
{
	free(f->segment);
	free(f->state);
}

/* --- its name ---------------------------------------------------------------- */

/* So much of the first file tells it from others of the same name. */
#define HEAD 1024

static void
add_word(struct buf *b, const char *word)
{
	buf_add(b, (struct slice){ word, strlen(word) + 1 });
}

/* What the first file begins with; nothing where there is less of it. */
static void
add_head(struct buf *b, const char *path)
{
	char head[HEAD];
	int fd = file_open(path, NULL, &(struct err){ "" });

	if (fd < 0)
		return;
	if (file_read(fd, path, head, HEAD, 0, NULL, NULL) == HEAD)
		buf_add(b, (struct slice){ head, HEAD });
	close(fd);
}

/*
 * Not of what lies in memory, nor of two logs that are read as one: their lines
 * stand in another order when there are more of them.
 */
static bool
is_of_files(const struct planned_stream *ps)
{
	for (size_t i = 0; i < ps->n; i++)
		if (ps->file[i].packed || ps->file[i].pipe)
			return false;
	return ps->format && !ps->seconds;
}

static void
add_number(struct buf *b, int64_t n)
{
	buf_add(b, (struct slice){ (const char *)&n, sizeof n });
}

/*
 * What its times were corrected by.  A zone counts by its rules: a name may mean
 * others tomorrow.
 */
static void
add_clock(struct buf *b, const struct planned_stream *ps)
{
	struct source_clock c = planned_clock(ps);
	int64_t utc;
	int offset;

	add_number(b, c.skew);
	add_number(b, c.zone.kind != ZONE_NONE);
	for (size_t i = 0; zone_change(&c.zone, i, &utc, &offset); i++) {
		add_number(b, utc);
		add_number(b, offset);
	}
}

/*
 * By folder, what the stream's files have in common of their names, and how
 * the first begins: so it is found again when a rotation gave its files other
 * names, and another choice of the same files is another's.
 */
char *
keep_path(const struct keep_options *o, const struct planned_stream *ps)
{
	char *folder = is_of_files(ps) ? realpath(ps->folder[0] ? ps->folder :
	    ".", NULL) : NULL;
	struct buf name = { 0 };
	uint64_t hash;

	if (!folder)
		return NULL;
	add_word(&name, folder);
	add_word(&name, ps->key);
	add_word(&name, ps->format->name);
	add_clock(&name, ps);
	add_head(&name, ps->file[0].path);
	hash = keep_sum_of(name.p, name.n);
	buf_free(&name);
	free(folder);
	return keep_cache_path(o->folder, hash);
}

uint64_t
keep_fits(const struct planned_stream *ps)
{
	struct buf b = { 0 };
	uint64_t hash;

	add_word(&b, ps->format->name);
	buf_add(&b, (struct slice){ (const char *)&ps->format->definition,
	    sizeof ps->format->definition });
	buf_add(&b, (struct slice){ (const char *)&ps->state,
	    sizeof ps->state });
	buf_add_char(&b, (char)ps->traits.times_are_utc);
	buf_add_char(&b, (char)ps->traits.times_have_ms);
	add_clock(&b, ps);
	hash = keep_sum_of(b.p, b.n);
	buf_free(&b);
	return hash;
}
