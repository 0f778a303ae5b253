/*
 * What views share: moving in lines, hints, numbers, highlighting.
 */
#include "config.h"

#include "ui/view.h"

#include <stdarg.h>
#include <stdio.h>

static void set_hint(struct scene *sc, bool mistake, const char *fmt,
    va_list ap) __attribute__((format(printf, 3, 0)));

static void
set_hint(struct scene *sc, bool mistake, const char *fmt, va_list ap)
{
	char words[512];

	if (vsnprintf(words, sizeof words, fmt, ap) < 0)
		return;
	sc->hint.n = 0;
	buf_add(&sc->hint, slice_of(words));
	sc->hint_is_mistake = mistake;
}

bool
scene_is_reading(const struct scene *sc)
{
	const struct progress *p = &sc->progress;

	/* What was there when it began is read; what a pipe may bring is new. */
	return !p->done && !(p->pipes && sc->following);
}

void
scene_wake(struct scene *sc, int ms)
{
	if (ms >= 0 && (sc->wake_ms < 0 || ms < sc->wake_ms))
		sc->wake_ms = ms;
}

void
scene_hint(struct scene *sc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_hint(sc, false, fmt, ap);
	va_end(ap);
}

void
scene_mistake(struct scene *sc, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_hint(sc, true, fmt, ap);
	va_end(ap);
}

void
place_fit(struct place *p, uint64_t count, int rows)
{
	uint64_t window = rows > 0 ? (uint64_t)rows : 1;

	if (count == 0) {
		*p = (struct place){ 0 };
		return;
	}
	if (p->at >= count)
		p->at = count - 1;
	if (p->top > p->at)
		p->top = p->at;
	if (p->at - p->top >= window)
		p->top = p->at - window + 1;
	/* No blank rows at the end while there are lines before the window. */
	if (count <= window)
		p->top = 0;
	else if (p->top > count - window)
		p->top = count - window;
}

void
place_centre(struct place *p, uint64_t count, int rows)
{
	uint64_t half = rows > 0 ? (uint64_t)rows / 2 : 0;

	p->top = p->at > half ? p->at - half : 0;
	place_fit(p, count, rows);
}

static void
scroll(struct place *p, uint64_t count, uint64_t by, bool down)
{
	if (count == 0)
		return;
	if (down) {
		p->at = count - 1 - p->at > by ? p->at + by : count - 1;
		p->top += by;
	} else {
		p->at = p->at > by ? p->at - by : 0;
		p->top = p->top > by ? p->top - by : 0;
	}
}

bool
place_move(struct place *p, enum command command, uint64_t count, int rows)
{
	uint64_t window = rows > 1 ? (uint64_t)rows : 1;
	uint64_t half = window > 1 ? window / 2 : 1;

	switch (command) {
	case COMMAND_DOWN:
		if (p->at + 1 < count)
			p->at++;
		break;
	case COMMAND_UP:
		if (p->at > 0)
			p->at--;
		break;
	case COMMAND_PAGE_DOWN:
		scroll(p, count, window, true);
		break;
	case COMMAND_PAGE_UP:
		scroll(p, count, window, false);
		break;
	case COMMAND_HALF_DOWN:
		scroll(p, count, half, true);
		break;
	case COMMAND_HALF_UP:
		scroll(p, count, half, false);
		break;
	case COMMAND_TOP:
		p->at = 0;
		break;
	case COMMAND_BOTTOM:
		p->at = count ? count - 1 : 0;
		break;
	default:
		return false;
	}
	place_fit(p, count, rows);
	return true;
}

size_t
view_spans(const struct match *m, struct match_work *w, struct slice text,
    struct span *spans, size_t most)
{
	size_t n = 0, from = 0;

	while (m && n < most && from <= text.n) {
		size_t start, end;

		if (match_find(m, w, text, from, &start, &end) != MATCH_YES)
			break;
		/* An empty match marks nothing, but must not stand still. */
		from = end > start ? end : end + 1;
		if (end > start)
			spans[n++] = (struct span){ start, end };
	}
	return n;
}
