/*
 * Formats over hostile lines: detection, and every scanner on every line.
 * A scan takes something of each line, its slices lie within the line, and
 * the same line scanned again in the same state gives the same.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>

#include "fuzz_formats.h"

static void
must_lie_in(struct slice part, struct slice line)
{
	if (part.p == NULL || part.n == 0)
		return;
	MUST(part.p >= line.p && part.p <= line.p + line.n);
	MUST(part.n <= (size_t)(line.p + line.n - part.p));
}

static void
check_event(const struct event *ev, struct slice line)
{
	char *out = malloc(line.n + 1);
	struct slice plain;

	MUST(out);
	MUST(ev->kind >= EVENT_FOREIGN && ev->kind <= EVENT_REPORT);
	must_lie_in(ev->id, line);
	must_lie_in(ev->text, line);
	must_lie_in(ev->context, line);
	must_lie_in(ev->peer, line);
	must_lie_in(ev->local, line);
	plain = event_text(ev, ev->text, out);
	MUST(plain.n <= ev->text.n);
	free(out);
}

/* The words of a report lie in the line, or are constants. */
static void
check_detail(const struct format *f, const struct format_state *st,
    struct slice line, const struct event *ev)
{
	struct detail d = { .commands = 0 };

	if (!event_tells(ev) || !f->detail)
		return;
	f->detail(f, st, line, ev, &d);
	must_lie_in(d.helo, line);
	must_lie_in(d.from, line);
	must_lie_in(d.to, line);
	must_lie_in(d.queue, line);
	must_lie_in(d.reply, line);
}

static void
scan_line(const struct format *f, struct format_state *st, struct slice line)
{
	struct format_state again_st;
	struct event ev, again;
	size_t n, n_again;

	/* A line may be several entries; an empty one is an entry, too. */
	do {
		again_st = *st;
		n = f->scan(f, st, line, &ev);
		MUST(n <= line.n);
		MUST(n > 0 || line.n == 0);
		check_event(&ev, line);
		n_again = f->scan(f, &again_st, line, &again);
		MUST(n_again == n && again.kind == ev.kind);
		MUST(again.time == ev.time && again.key == ev.key);
		MUST(slice_eq(again.text, ev.text));
		MUST(memcmp(&again_st, st, sizeof *st) == 0);
		check_detail(f, st, line, &ev);
		line = slice_from(line, n);
	} while (line.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice all = { (const char *)data, n }, line, rest;
	struct format_hint hint = { .written = CLOCK_NONE };
	struct format_state st = { { 0 } };
	struct format_traits traits;
	const struct format *fm;
	struct err why = { "" };

	format_set_detect(fuzz_formats(), all, &hint, &st, &traits, &why);
	for (size_t i = 0; (fm = format_set_at(fuzz_formats(), i)) != NULL; i++) {
		st = (struct format_state){ { 0 } };
		traits = fm->traits;
		fm->probe(fm, all, &hint, &st, &traits, NULL);
		if (fm->stream_of)
			must_lie_in(fm->stream_of(fm, slice_head(all, 80)),
			    all);
		rest = all;
		while (slice_cut(&rest, '\n', &line)) {
			if (line.n && line.p[line.n - 1] == '\r')
				line.n--;
			scan_line(fm, &st, line);
		}
	}
	return 0;
}
