/*
 * --stats: what was read and what it took, one `key: value` a line, for
 * people and for benchmarks.
 */
#include "config.h"

#include "report/report.h"

#include <inttypes.h>
#include <sys/resource.h>

#include "base/utf8.h"
#include "index/oldest.h"

/* Whole numbers only: a locale would put a comma into a fraction. */
static void
put_fraction(FILE *out, const char *key, uint64_t thousandths)
{
	fprintf(out, "%s: %" PRIu64 ".%03" PRIu64 "\n", key,
	    thousandths / 1000, thousandths % 1000);
}

static void
put_count(FILE *out, const char *key, uint64_t n)
{
	fprintf(out, "%s: %" PRIu64 "\n", key, n);
}

/* a * b / c where a * b may not fit. */
static uint64_t
scale(uint64_t a, uint64_t b, uint64_t c)
{
	return c ? a / c * b + a % c * b / c : 0;
}

static uint64_t
peak_memory(void)
{
	struct rusage ru;

	if (getrusage(RUSAGE_SELF, &ru) != 0 || ru.ru_maxrss < 0)
		return 0;
#ifdef __APPLE__
	return (uint64_t)ru.ru_maxrss;
#else
	return (uint64_t)ru.ru_maxrss * 1024;
#endif
}

/* Whose clock the stamps are of, and what is added to them. */
static void
add_clock(struct buf *line, const struct stream *sm)
{
	if (sm->clock.zone.kind != ZONE_NONE) {
		buf_add(line, SLICE(", zone "));
		text_safe(line, slice_of(sm->clock.zone.name), 64);
	}
	if (sm->clock.skew) {
		buf_add(line, SLICE(", skew "));
		clock_shift(line, sm->clock.skew);
	}
}

/* Which format each log was taken for, how sure that is, and by what. */
static void
put_logs(FILE *out, const struct store *st)
{
	struct buf line = { 0 };

	for (uint64_t i = 0; i < table_count(&st->streams); i++) {
		const struct stream *sm = store_stream(st, (uint32_t)i);

		line.n = 0;
		buf_add(&line, SLICE("log: "));
		text_safe(&line, slice_of(sm->name), SIZE_MAX);
		buf_addf(&line, ": %s, %s", sm->format->name, sm->why);
		add_clock(&line, sm);
		fprintf(out, "%.*s\n", SLICE_ARGS(buf_slice(&line)));
	}
	buf_free(&line);
}

/* What became of each command. */
static void
put_commands(FILE *out, const struct sources *ss)
{
	struct buf line = { 0 };
	struct err words;

	for (size_t i = 0; i < sources_commands(ss); i++) {
		sources_command_words(ss, i, &words);
		line.n = 0;
		buf_add(&line, SLICE("command: "));
		text_safe(&line, slice_of(words.text), SIZE_MAX);
		fprintf(out, "%.*s\n", SLICE_ARGS(buf_slice(&line)));
	}
	buf_free(&line);
}

void
report_stats(FILE *out, const struct store *st, const struct sources *ss)
{
	struct progress p;
	struct store_packs packs;
	uint64_t ms, memory = store_bytes(st);

	put_logs(out, st);
	put_commands(out, ss);
	store_progress(st, &p);
	ms = p.elapsed_ms > 0 ? (uint64_t)p.elapsed_ms : 0;
	put_count(out, "bytes", p.bytes);
	if (p.kept_bytes)
		put_count(out, "kept-bytes", p.kept_bytes);
	put_count(out, "lines", p.lines);
	put_count(out, "sessions", p.sessions);
	if (store_forgotten(st))
		put_count(out, "forgotten-sessions", store_forgotten(st));
	put_fraction(out, "seconds", ms);
	/* Bytes a second; what took no time at all has no rate. */
	put_count(out, "rate", scale(p.bytes, 1000, ms));
	put_count(out, "index-bytes", memory);
	/* Of the log. */
	put_fraction(out, "percent", scale(memory, 100000, p.bytes));
	store_packs(st, &packs);
	if (packs.text) {
		put_count(out, "packed-text", packs.text);
		put_count(out, "packed-bytes", packs.packed);
		put_fraction(out, "packed-percent", scale(packs.packed, 100000,
		    packs.text));
		put_count(out, "packed-memory", packs.memory);
	}
	put_count(out, "unowned-lines", p.unowned_lines);
	put_count(out, "unreadable-lines", p.unreadable_lines);
	put_count(out, "meta-lines", p.meta_lines);
	put_count(out, "cut-lines", p.cut_lines);
	put_count(out, "peak-memory", peak_memory());
}
