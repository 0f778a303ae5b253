/*
 * OSC 52: ESC ] 52 ; c ; base64 BEL.  What goes in is encoded, so that no
 * byte of a log reaches the terminal as it came.
 */
#include "config.h"

#include "ui/osc52.h"

/* GNU screen passes a string on that is no longer than this. */
#define SCREEN_CHUNK 240

void
base64_add(struct buf *out, struct slice bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t left = bytes.n - i;
		unsigned long v = (unsigned long)(unsigned char)bytes.p[i] << 16;

		if (left > 1)
			v |= (unsigned long)(unsigned char)bytes.p[i + 1] << 8;
		if (left > 2)
			v |= (unsigned char)bytes.p[i + 2];
		buf_add_char(out, digits[v >> 18 & 63]);
		buf_add_char(out, digits[v >> 12 & 63]);
		buf_add_char(out, left > 1 ? digits[v >> 6 & 63] : '=');
		buf_add_char(out, left > 2 ? digits[v & 63] : '=');
	}
}

/* These print what they do not know. */
static bool
has_no_clipboard(const char *term)
{
	static const char *const without[] = {
		"linux", "vt1", "vt2", "cons", "dumb", "ansi", "sun",
	};
	struct slice name = slice_of(term ? term : "dumb");

	for (size_t i = 0; i < sizeof without / sizeof without[0]; i++)
		if (slice_starts(name, slice_of(without[i])))
			return true;
	return false;
}

bool
osc52_make(struct buf *out, struct slice text, const char *term,
    const char *tmux)
{
	struct buf whole = { 0 };
	bool wrap = term && !tmux &&
	    slice_starts(slice_of(term), SLICE("screen"));

	if (text.n > OSC52_MAX || has_no_clipboard(term))
		return false;
	buf_add(&whole, SLICE("\033]52;c;"));
	base64_add(&whole, text);
	buf_add_char(&whole, '\a');
	if (!wrap)
		buf_add(out, buf_slice(&whole));
	for (size_t at = 0; wrap && at < whole.n; at += SCREEN_CHUNK) {
		buf_add(out, SLICE("\033P"));
		buf_add(out, slice_head(slice_from(buf_slice(&whole), at),
		    SCREEN_CHUNK));
		buf_add(out, SLICE("\033\\"));
	}
	buf_free(&whole);
	return true;
}
