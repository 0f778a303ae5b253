/*
 * Events: what all formats share.
 */
#include "config.h"

#include "format/event.h"

struct slice
event_text(const struct event *ev, struct slice s, char *out)
{
	size_t n = 0;

	if (!(ev->flags & EVENT_QUOTED))
		return s;
	for (size_t i = 0; i < s.n; i++) {
		out[n++] = s.p[i];
		if (s.p[i] == '"' && i + 1 < s.n && s.p[i + 1] == '"')
			i++;
	}
	return (struct slice){ out, n };
}
