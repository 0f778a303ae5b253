/*
 * Finding strays: the line table knows which lines no session owns; whether
 * one is a header is known only by scanning it again.
 */
#include "config.h"

#include "index/stray.h"

static bool
is_stray(const struct stream *sm, uint32_t line, struct slice text)
{
	struct format_state state = *stream_state(sm, line);
	struct event ev;

	if (text.n == 0)
		return false;
	sm->format->scan(sm->format, &state, text, &ev);
	return ev.kind != EVENT_META;
}

uint32_t
stray_find(struct reader *r, const struct stream *sm, uint32_t line,
    uint32_t most, uint32_t *next, struct line_text *out)
{
	uint32_t last = (uint32_t)stream_lines(sm);
	struct err ignored;

	*next = 0;
	for (; line && line <= last; line++) {
		line = stream_next_line(sm, SLOT_NONE, line, last);
		if (line == 0)
			return 0;
		if (most-- == 0) {
			*next = line;
			return 0;
		}
		/* What cannot be read cannot be told from a header. */
		if (reader_line(r, sm, line, out, &ignored) < 0 || out->gone ||
		    !is_stray(sm, line, out->text))
			continue;
		*next = line < last ? line + 1 : 0;
		return line;
	}
	return 0;
}
