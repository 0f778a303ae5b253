/*
 * Kept indexes that say what no ehlog would have written, though their sums are
 * right: whatever is in one, nothing but what is shown may be wrong.
 *
 * KEEP_ROUNDS changes how often, KEEP_SEED the dice.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "index/keep_file.h"
#include "index/keep_parts.h"
#include "index/keep_sum.h"
#include "with_log.h"

/* Seconds that one may take, however slow the machine. */
#define PATIENCE 60
#define ROUNDS   60

struct rig {
	struct with_log w;
	struct keep_options keep;
	char *path;              /* of the kept file */
	char *whole, *changed;   /* what it holds */
	size_t n, page;
	size_t from[KEEP_PARTS], to[KEEP_PARTS];     /* with the zeros behind */
	size_t sum[KEEP_PARTS];  /* where the sum of each stands */
	size_t head_sum;
	uint64_t dice;
	unsigned taken, refused;
};

static uint64_t
roll(struct rig *r, uint64_t sides)
{
	r->dice ^= r->dice << 13;
	r->dice ^= r->dice >> 7;
	r->dice ^= r->dice << 17;
	return sides ? r->dice % sides : r->dice;
}

static uint64_t
setting(const char *name, uint64_t usual)
{
	const char *s = getenv(name);

	return s ? strtoull(s, NULL, 10) : usual;
}

static char *
file_text(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	struct stat sb;
	char *text;

	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &sb), 0);
	*n = (size_t)sb.st_size;
	text = malloc(*n + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, *n, f), *n);
	fclose(f);
	return text;
}

static void
write_file(const char *path, const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	close(fd);
}

/* --- reading with what is kept ---------------------------------------------------- */

static void
say_nothing(void *arg, const char *words)
{
	(void)arg;
	(void)words;
}

/* All that a screen or a report asks for. */
static void
look_at_all(struct rig *r)
{
	const struct store *st = r->w.store;
	const struct stream *sm = store_stream(st, 0);
	struct owner_cursor c;
	struct err err;
	struct buf b = { 0 };

	for (uint32_t n = 1; n <= store_sessions(st); n++) {
		struct session s;

		store_session(st, n, &s);
		store_peer(st, s.peer);
		b.n = 0;
		if (s.start != CLOCK_NONE)
			clock_iso(&b, s.start + s.duration, true, true,
			    NULL);
		facts_decode(&r->w.facts, st, r->w.reader, n, &err);
	}
	owner_init(&c, st, sm);
	for (uint32_t line = 1; line <= stream_lines(sm); line++)
		owner_of(&c, line);
	owner_free(&c);
	buf_free(&b);
}

/* How many bytes were not read anew. */
static uint64_t
read_log(struct rig *r)
{
	struct indexer_options opt = { .wake_fd = -1, .keep = &r->keep };
	char *paths[1] = { r->w.path };
	struct progress p;
	struct indexer *ix;
	struct err err;

	r->w.store = store_new();
	ix = indexer_new(r->w.store, paths, 1, &opt, say_nothing, NULL, &err);
	assert_non_null(ix);
	indexer_run(ix);
	indexer_free(ix);
	store_progress(r->w.store, &p);
	r->w.reader = reader_new(r->w.store);
	look_at_all(r);
	reader_free(r->w.reader);
	store_free(r->w.store);
	r->w.reader = NULL;
	r->w.store = NULL;
	return p.kept_bytes;
}

/* --- one that is kept --------------------------------------------------------------- */

static size_t
place_of_sum(const struct rig *r, uint64_t sum)
{
	size_t at = 0;

	while (at < r->page && memcmp(r->whole + at, &sum, sizeof sum) != 0)
		at += sizeof sum;
	assert_true(at < r->page);
	return at;
}

/* Behind what it is of. */
static size_t
place_of_head_sum(const struct rig *r)
{
	size_t at = sizeof(uint64_t);
	uint64_t sum;

	for (; at < r->page; at += sizeof sum) {
		sum = keep_sum_of(r->whole, at);
		if (memcmp(r->whole + at, &sum, sizeof sum) == 0)
			break;
	}
	assert_true(at < r->page);
	return at;
}

static void
find_parts(struct rig *r)
{
	struct plan plan = { 0 };
	struct keep_file f;
	struct err err;
	char *paths[1] = { r->w.path };

	plan_paths(&plan, paths, 1, NULL, false, say_nothing, NULL, &err);
	assert_int_equal(plan.n, 1);
	r->path = keep_path(&r->keep, &plan.stream[0]);
	assert_non_null(r->path);
	r->whole = file_text(r->path, &r->n);
	r->changed = malloc(r->n);
	assert_non_null(r->changed);
	assert_true(keep_file_open(&f, r->path, keep_fits(
	    &plan.stream[0])));
	for (int i = 0; i < KEEP_PARTS; i++) {
		r->from[i] = (size_t)keep_file_at(&f, (enum keep_part)i);
		r->to[i] = (r->from[i] + f.part[i].n + r->page - 1) / r->page *
		    r->page;
		r->sum[i] = place_of_sum(r, keep_sum_of(r->whole + r->from[i],
		    r->to[i] - r->from[i]));
	}
	r->head_sum = place_of_head_sum(r);
	keep_file_close(&f);
	keep_file_unmap(f.map, f.size);
	plan_free(&plan);
}

/* The log is kept when there are so many of 100 of it, and has grown then. */
static void
keep_log(struct rig *r, const char *text, size_t n, unsigned part)
{
	memset(r, 0, sizeof *r);
	r->dice = setting("KEEP_SEED", 1) * UINT64_C(0x9e3779b97f4a7c15) | 1;
	r->page = (size_t)sysconf(_SC_PAGESIZE);
	with_folder(&r->w);
	with_file(&r->w, "log", text, n * part / 100);
	r->keep.folder = malloc(sizeof r->w.dir + 10);
	assert_non_null(r->keep.folder);
	snprintf(r->keep.folder, sizeof r->w.dir + 10, "%s/kept", r->w.dir);
	r->keep.limit = UINT64_MAX;
	assert_int_equal(read_log(r), 0);
	find_parts(r);
	with_file(&r->w, "log", text, n);
	assert_true(read_log(r) > 0);
}

static void
drop_log(struct rig *r)
{
	free(r->keep.folder);
	free(r->path);
	free(r->whole);
	free(r->changed);
	without_log(&r->w);
}

/* --- what is changed ------------------------------------------------------------------ */

/* As it was; sums are put right by set_sums(). */
static void
begin_change(struct rig *r)
{
	memcpy(r->changed, r->whole, r->n);
}

static void
set_sum(struct rig *r, size_t at, size_t from, size_t to)
{
	uint64_t sum = keep_sum_of(r->changed + from, to - from);

	memcpy(r->changed + at, &sum, sizeof sum);
}

static void
set_sums(struct rig *r)
{
	for (int i = 0; i < KEEP_PARTS; i++)
		if (r->from[i] != r->to[i])
			set_sum(r, r->sum[i], r->from[i], r->to[i]);
	set_sum(r, r->head_sum, 0, r->head_sum);
}

/* Numbers at which bounds lie, and any others. */
static uint64_t
odd_number(struct rig *r)
{
	static const uint64_t odd[] = { 0, 1, 2, 127, 255, 256, 65535, 1 << 20,
		INT32_MAX, UINT32_MAX, UINT32_MAX - 1, UINT64_C(1) << 32,
		UINT64_C(1) << 53, INT64_MAX, UINT64_C(1) << 63, UINT64_MAX };
	size_t n = sizeof odd / sizeof *odd;
	uint64_t i = roll(r, n + 4);

	return i < n ? odd[i] : roll(r, i % 2 ? 0 : 300);
}

static void
change(struct rig *r, size_t from, size_t to)
{
	static const size_t sizes[] = { 1, 1, 2, 4, 4, 8 };
	size_t size = sizes[roll(r, 6)];
	size_t at = from + (size_t)roll(r, to - from - size);
	uint64_t v = odd_number(r);

	/* Most lie so. */
	if (roll(r, 2))
		at = at / size * size;
	memcpy(r->changed + at, &v, size);
}

/* The first part, which finds its way by itself, and then any other. */
static void
change_something(struct rig *r)
{
	int part = roll(r, 2) ? KEEP_STATE : (int)roll(r, KEEP_PARTS + 1);

	if (part == KEEP_PARTS)
		change(r, 16, r->head_sum);
	else if (r->from[part] != r->to[part])
		change(r, r->from[part], roll(r, 2) ? r->to[part] :
		    r->from[part] + 256);
}

static bool
is_taken(struct rig *r)
{
	bool taken;

	set_sums(r);
	write_file(r->path, r->changed, r->n);
	alarm(PATIENCE);
	taken = read_log(r) > 0;
	alarm(0);
	r->taken += taken;
	r->refused += !taken;
	return taken;
}

static void
shake(struct rig *r)
{
	uint64_t rounds = setting("KEEP_ROUNDS", ROUNDS);

	begin_change(r);
	assert_true(is_taken(r));
	for (uint64_t i = 0; i < rounds; i++) {
		begin_change(r);
		for (uint64_t k = roll(r, 3) + 1; k; k--)
			change_something(r);
		is_taken(r);
	}
	/* The sums did not keep all of it away. */
	assert_true(r->taken > 1);
	assert_true(r->refused > 0);
}

/* --- logs ----------------------------------------------------------------------------- */

#define ROW(n, s, kind, data) "2026-11-23T10:00:0" n "Z,mx\\in," s "," n \
	",192.0.2.1:25,198.51.100." n ":1," kind "," data ",\r\n"

static const char receive[] =
	"#Software: Microsoft Exchange Server\r\n#Version: 15.0.0.0\r\n"
	"#Log-type: SMTP Receive Protocol Log\r\n"
	"#Date: 2026-11-23T10:00:00.000Z\r\n"
	"#Fields: date-time,connector-id,session-id,sequence-number,"
	"local-endpoint,remote-endpoint,event,data,context\r\n"
	ROW("0.000", "08D000000000000A", "+", "")
	ROW("0.100", "08D000000000000A", ">", "220 mx.example.org")
	ROW("0.200", "08D000000000000B", "+", "")
	ROW("0.300", "08D000000000000A", "<", "EHLO a.example.net")
	ROW("1.000", "08D000000000000A", ">", "250 mx.example.org")
	ROW("1.100", "08D000000000000A", "<", "MAIL FROM:<a@example.net>")
	ROW("1.200", "08D000000000000A", "<", "RCPT TO:<b@example.org>")
	ROW("1.300", "08D000000000000A", "<", "RCPT TO:<c@example.org>")
	ROW("1.400", "08D000000000000A", "<", "RCPT TO:<d@example.org>")
	ROW("1.500", "08D000000000000A", "<", "RCPT TO:<e@example.org>")
	ROW("2.000", "08D000000000000C", "+", "")
	ROW("2.100", "08D000000000000C", ">", "220 mx.example.org")
	ROW("2.200", "08D000000000000C", "<", "QUIT")
	ROW("2.300", "08D000000000000C", ">", "221 bye")
	ROW("2.400", "08D000000000000C", "-", "")
	ROW("3.000", "08D000000000000A", ">", "250 2.1.0 sender")
	ROW("3.100", "08D000000000000A", ">", "550 5.1.1 nobody")
	ROW("3.200", "08D000000000000D", "+", "")
	ROW("3.300", "08D000000000000A", ">", "250 2.1.5 yes")
	ROW("3.400", "08D000000000000A", "-", "")
	ROW("3.500", "08D000000000000B", "-", "");

static void
shake_log(const char *text, size_t n)
{
	struct rig r;

	keep_log(&r, text, n, 60);
	shake(&r);
	drop_log(&r);
}

static void
columns_by_name(void **state)
{
	(void)state;
	shake_log(receive, sizeof receive - 1);
}

/* Of logs that real servers wrote; so much of one that a round is short. */
static void
shake_real(const char *name)
{
	const char *top = getenv("abs_top_srcdir");
	char command[600];
	struct with_log w;
	char *text;
	size_t n;

	if (!top)
		skip();
	with_folder(&w);
	snprintf(command, sizeof command, "f='%s/tests/logs/%s'; { test -f "
	    "\"$f\" && cat \"$f\" || gzip -dc \"$f.gz\"; } >'%s/all'",
	    top, name, w.dir);
	assert_int_equal(system(command), 0);
	snprintf(w.path, sizeof w.path, "%s/all", w.dir);
	text = file_text(w.path, &n);
	shake_log(text, n < 40000 ? n : 40000);
	free(text);
	facts_free(&w.facts);
	assert_int_equal(unlink(w.path), 0);
	assert_int_equal(rmdir(w.dir), 0);
}

#define REAL(name, log) \
	static void \
	name(void **state) \
	{ \
		(void)state; \
		shake_real(log); \
	}
REAL(messages_with_ids, "postfix-normal/mail.log")
REAL(messages_that_linger, "exim-normal/mainlog")
REAL(one_at_a_time, "curl/curl.log")
REAL(columns_of_values, "haraka-logfmt/haraka.log")
REAL(debugging_output, "exim-debug/exim.log")

/* What pages of the file become tables for must go on with zeros. */
static void
zeros_behind_a_part(void **state)
{
	struct rig r;

	(void)state;
	keep_log(&r, receive, sizeof receive - 1, 60);
	for (int i = 0; i < KEEP_PARTS; i++) {
		if (r.from[i] == r.to[i])
			continue;
		begin_change(&r);
		r.changed[r.to[i] - 1] = 1;
		assert_false(is_taken(&r));
	}
	begin_change(&r);
	assert_true(is_taken(&r));
	drop_log(&r);
}

/* --- states of formats ------------------------------------------------------------------ */

/* Scanning goes on with any state that is said to be sound. */
static void
states_of_formats(void **state)
{
	struct rig r = { .dice = 88172645463325252 };
	unsigned sound = 0;

	(void)state;
	for (const struct format *const *fm = formats; *fm; fm++)
		for (unsigned i = 0; i < 2000; i++) {
			const struct format_sample *s = (*fm)->samples;
			struct format_state st = { .bytes = { 0 } };

			for (unsigned k = 0; k < FORMAT_STATE_MAX; k++)
				if (roll(&r, 8) == 0)
					st.bytes[k] = (unsigned char)
					    odd_number(&r);
			if ((*fm)->state_is_sound &&
			    !(*fm)->state_is_sound(&st))
				continue;
			sound++;
			for (; s && s->line; s++) {
				struct event ev;

				(*fm)->scan(*fm, &st, slice_of(s->line), &ev);
			}
		}
	assert_true(sound > 2000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_by_name),
		cmocka_unit_test(messages_with_ids),
		cmocka_unit_test(messages_that_linger),
		cmocka_unit_test(one_at_a_time),
		cmocka_unit_test(columns_of_values),
		cmocka_unit_test(debugging_output),
		cmocka_unit_test(zeros_behind_a_part),
		cmocka_unit_test(states_of_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
