/*
 * Writes logs whose truth is known: made-up SMTP sessions, interleaved as
 * servers do it, and beside them what a viewer must say of each.  The same
 * seed gives the same bytes.  Links nothing of the program.
 *
 *   generate --format=exchange-csv --sessions=2000 --truth=T -o FILE
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"
#include "generate_truth.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct run {
	const struct options *o;
	struct truth truth;
	void *log;
	struct session **heap;       /* by due time, then order */
	uint32_t live;
	struct session **before;     /* by slot: the session that was last */
	struct session **spare;
	uint32_t nspare;
	uint64_t begun, order;
	uint64_t entries;            /* written, or left out by start_cut */
};

/* --- who is next ------------------------------------------------------------ */

static bool
is_sooner(const struct session *a, const struct session *b)
{
	return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void
sink(struct run *r, uint32_t i)
{
	for (;;) {
		uint32_t least = i, child = 2 * i + 1;
		struct session *s = r->heap[i];

		for (uint32_t c = child; c < child + 2 && c < r->live; c++)
			if (is_sooner(r->heap[c], r->heap[least]))
				least = c;
		if (least == i)
			return;
		r->heap[i] = r->heap[least];
		r->heap[least] = s;
		i = least;
	}
}

static void
rise(struct run *r, uint32_t i)
{
	while (i && is_sooner(r->heap[i], r->heap[(i - 1) / 2])) {
		struct session *s = r->heap[i];

		r->heap[i] = r->heap[(i - 1) / 2];
		r->heap[(i - 1) / 2] = s;
		i = (i - 1) / 2;
	}
}

/* Lines before this many entries are left out, so that sessions are cut. */
static bool
is_visible(const struct run *r)
{
	return !r->o->start_cut || r->entries > (uint64_t)r->o->open * 8;
}

/* --- beginning and end of a session ----------------------------------------- */

static struct session *
new_session(struct run *r, int64_t start, int slot)
{
	const struct options *o = r->o;
	struct session *s = r->nspare ? r->spare[--r->nspare] :
	    calloc(1, sizeof *s);

	if (!s)
		give_up("out of memory");
	session_reset(s);
	s->number = r->begun++;
	s->dice.state = (o->seed + 1) * UINT64_C(0xd1342543de82ef95) +
	    s->number * UINT64_C(0x2545f4914f6cdd1d);
	s->start = s->due = start;
	s->clocked = o->clocked;
	s->clock = o->clock;
	s->slot = slot;
	s->order = r->order++;
	/* A cut amid a pipelined group leaves replies nobody can pair. */
	s->one_by_one = !is_visible(r);
	o->kind->make(r->log, s);
	if (r->begun == o->sessions / 2 && o->kind->half_way)
		o->kind->half_way(r->log);
	return s;
}

static void
finish(struct run *r, struct session *s)
{
	const struct log_kind *kind = r->o->kind;

	truth_end(&r->truth, s, kind->file ? kind->file(r->log, s) : NULL);
	r->spare[r->nspare++] = s;
}

/*
 * What a session without an end is, the next one in its place settles: then
 * it waits.
 */
static void
leave(struct run *r, struct session *s)
{
	if (r->o->kind->one_at_a_time)
		r->before[s->slot] = s;
	else
		finish(r, s);
}

static void
follow_on(struct run *r, int slot)
{
	struct session *s = r->before[slot];

	if (!s)
		return;
	s->next_began = true;
	r->before[slot] = NULL;
	finish(r, s);
}

/* --- the run ----------------------------------------------------------------- */

static void
step(struct run *r)
{
	struct session *s = r->heap[0];
	struct entry *e = &s->entries[s->next];
	bool visible;

	r->entries++;
	visible = is_visible(r);
	if (visible && s->next == 0)
		follow_on(r, s->slot);
	e->time = s->due;
	r->o->kind->write(r->log, s, s->next, visible);
	if (s->entries[s->next].line && !s->serial)
		truth_begin(&r->truth, s);
	s->next++;
	s->order = r->order++;
	if (s->next < s->count) {
		s->due += s->entries[s->next].pause;
	} else {
		int64_t later = s->due + (r->o->kind->one_at_a_time ? 1000 : 5) +
		    dice_below(&s->dice, r->o->kind->one_at_a_time ? 60000 : 40);
		int slot = s->slot;

		later += r->o->pause;
		leave(r, s);
		if (r->begun < r->o->sessions)
			r->heap[0] = new_session(r, later, slot);
		else
			r->heap[0] = r->heap[--r->live];
	}
	sink(r, 0);
}

static void
begin(struct run *r)
{
	int64_t day = r->o->kind != &log_ims ? date_to_ms(2026, 11, 23, 0) :
	    date_to_ms(1998, 11, 23, 8);
	struct dice dice = { r->o->seed };

	while (r->live < r->o->open && r->begun < r->o->sessions) {
		int64_t start = day + r->o->clock + dice_below(&dice, 2000);

		r->heap[r->live] = new_session(r, start, (int)r->live);
		rise(r, r->live++);
	}
}

static void
end(struct run *r)
{
	while (r->live)
		finish(r, r->heap[--r->live]);
	for (uint32_t i = 0; i < r->o->open; i++)
		if (r->before[i])
			finish(r, r->before[i]);
	r->o->kind->close(r->log);
	truth_flush(&r->truth);
	while (r->nspare)
		session_free(r->spare[--r->nspare]);
	free(r->heap);
	free(r->before);
	free(r->spare);
}

static void
run(const struct options *o)
{
	struct run r = { .o = o };
	size_t n = o->open;

	r.truth.utc = o->kind->utc;
	r.truth.ms = o->kind->ms;
	if (o->kind->zoned)
		r.truth.utc = r.truth.ms = o->date == 'i';
	r.truth.names_peer = o->kind->names_peer;
	r.truth.keyed = o->kind->keyed;
	r.truth.late_peer = o->kind->late_peer;
	r.truth.decimal = o->kind->decimal;
	r.truth.timeless = o->kind->timeless;
	r.truth.endless = o->kind->endless;
	r.truth.row = o->kind->row;
	r.truth.uuids = o->kind->uuids;
	r.truth.placeless = o->folder;
	if (o->truth && !(r.truth.out = fopen(o->truth, "w")))
		give_up(o->truth);
	r.heap = calloc(n, sizeof *r.heap);
	r.before = calloc(n, sizeof *r.before);
	r.spare = calloc(2 * n + 1, sizeof *r.spare);
	if (!r.heap || !r.before || !r.spare)
		give_up("out of memory");
	r.log = o->kind->open(o);
	begin(&r);
	/* An end amid sessions: stop while most of them are in the middle. */
	while (r.live && !(o->end_cut && r.begun == o->sessions &&
	    r.live < o->open))
		step(&r);
	end(&r);
	if (r.truth.out && fclose(r.truth.out) != 0)
		give_up("cannot write the truth");
}

/* --- the command line --------------------------------------------------------- */

enum flag { FORMAT = 256, SESSIONS, OPEN, SEED, KIND, ROTATE, RATE, PAUSE,
	TRUTH, START_CUT, END_CUT, BOM, REORDER, ZERO_IDS, LOST_STARS,
	BLANK_LINES, PLAIN, GLUE, FOLDER, LEVEL, DATE, CLOCK };

static const struct option flags[] = {
	{ "format", required_argument, NULL, FORMAT },
	{ "sessions", required_argument, NULL, SESSIONS },
	{ "open", required_argument, NULL, OPEN },
	{ "seed", required_argument, NULL, SEED },
	{ "kind", required_argument, NULL, KIND },
	{ "rotate", required_argument, NULL, ROTATE },
	{ "rate", required_argument, NULL, RATE },
	{ "pause", required_argument, NULL, PAUSE },
	{ "truth", required_argument, NULL, TRUTH },
	{ "start-cut", no_argument, NULL, START_CUT },
	{ "end-cut", no_argument, NULL, END_CUT },
	{ "bom", no_argument, NULL, BOM },
	{ "reorder-fields", no_argument, NULL, REORDER },
	{ "zero-ids", no_argument, NULL, ZERO_IDS },
	{ "lost-stars", no_argument, NULL, LOST_STARS },
	{ "blank-lines", no_argument, NULL, BLANK_LINES },
	{ "plain", no_argument, NULL, PLAIN },
	{ "glue", no_argument, NULL, GLUE },
	{ "folder", no_argument, NULL, FOLDER },
	{ "level", required_argument, NULL, LEVEL },
	{ "date", required_argument, NULL, DATE },
	{ "clock", required_argument, NULL, CLOCK },
	{ "output", required_argument, NULL, 'o' },
	{ NULL, 0, NULL, 0 }
};

static uint64_t
number(const char *word)
{
	char *end_at;
	unsigned long long n = strtoull(word, &end_at, 10);

	if (*end_at || end_at == word)
		give_up("that is no number");
	return n;
}

/* One of the words of a list, by its place. */
static size_t
choice(const char *word, const char *const list[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, list[i]) == 0)
			return i;
	give_up(word);
}

static const struct log_kind *
kind_by_name(const char *name)
{
	static const struct log_kind *const kinds[] = {
		&log_communigate, &log_courier, &log_csv, &log_domino,
		&log_exim, &log_exim_debug, &log_exim_default, &log_halon,
		&log_haraka, &log_hmailserver, &log_iis, &log_ims, &log_kerio,
		&log_kumomta, &log_mailenable, &log_mdaemon, &log_opensmtpd,
		&log_opensmtpd_report, &log_postal, &log_postfix, &log_postfix_verbose, &log_qmail,
		&log_sendmail, &log_sendmail_x, &log_smartermail,
		&log_stalwart, &log_transcript,
	};

	for (size_t i = 0; i < COUNT(kinds); i++)
		if (strcmp(kinds[i]->name, name) == 0)
			return kinds[i];
	give_up(name);
}

static void
set_word(struct options *o, int flag, const char *word)
{
	static const char *const kinds[] = { "recv", "send" };
	static const char *const levels[] = { "medium", "maximum" };
	static const char *const dates[] = { "us", "uk", "de", "iso" };

	switch (flag) {
	case FORMAT:
		o->kind = kind_by_name(word);
		break;
	case KIND:
		o->send = choice(word, kinds, COUNT(kinds)) == 1;
		break;
	case LEVEL:
		o->raw = choice(word, levels, COUNT(levels)) == 1;
		break;
	case DATE:
		o->date = "ukdi"[choice(word, dates, COUNT(dates))];
		break;
	case CLOCK:
		/* Seconds; before UTC, or behind it. */
		o->clocked = true;
		o->clock = (int64_t)number(word + (*word == '-')) * 1000;
		if (*word == '-')
			o->clock = -o->clock;
		break;
	case TRUTH: o->truth = word; break;
	case 'o': o->output = word; break;
	case SESSIONS: o->sessions = number(word); break;
	case OPEN: o->open = (uint32_t)number(word); break;
	case SEED: o->seed = number(word); break;
	case ROTATE: o->rotate = number(word); break;
	case RATE: o->rate = (uint32_t)number(word); break;
	case PAUSE: o->pause = (uint32_t)number(word); break;
	default: give_up("what is said above");
	}
}

static bool
set_switch(struct options *o, int flag)
{
	switch (flag) {
	case START_CUT: o->start_cut = true; return true;
	case END_CUT: o->end_cut = true; return true;
	case BOM: o->bom = true; return true;
	case REORDER: o->reorder = true; return true;
	case ZERO_IDS: o->zero_ids = true; return true;
	case LOST_STARS: o->lost_stars = true; return true;
	case BLANK_LINES: o->blank_lines = true; return true;
	case PLAIN: o->plain = true; return true;
	case GLUE: o->glue = true; return true;
	case FOLDER: o->folder = true; return true;
	default: return false;
	}
}

int
main(int argc, char *argv[])
{
	struct options o = { .kind = &log_csv, .sessions = 1000, .seed = 1,
		.raw = true, .date = 'u' };
	int flag;

	while ((flag = getopt_long(argc, argv, "o:", flags, NULL)) != -1)
		if (!set_switch(&o, flag))
			set_word(&o, flag, optarg);
	if (optind != argc || !o.output)
		give_up("usage: generate [--OPTION]... -o FILE|FOLDER");
	if (o.open == 0)
		o.open = o.kind->one_at_a_time ? 4 : 200;
	run(&o);
	return 0;
}
