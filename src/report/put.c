/*
 * Blocks of text for a stream, and the few things that all forms for people
 * draw alike.  Knows no facts and no forms.
 */
#include "config.h"

#include "report/put.h"

#include <errno.h>

#include "base/utf8.h"
#include "smtp/reply.h"

#define BLOCK 65536

int
put_flush(struct put *p)
{
	size_t n = p->buf.n;

	p->buf.n = 0;
	if (p->failed) {
		errno = EIO;
		return -1;
	}
	if (n && fwrite(p->buf.p, 1, n, p->out) != n)
		p->failed = true;
	return p->failed ? -1 : 0;
}

int
put_row(struct put *p)
{
	if (p->buf.n < BLOCK && !p->at_once)
		return 0;
	return put_flush(p);
}

void
put_free(struct put *p)
{
	buf_free(&p->buf);
}

void
put_colour(struct buf *out, unsigned code)
{
	static const char *const by_class[] = {
		[2] = "\033[32m", [3] = "\033[36m",
		[4] = "\033[33m", [5] = "\033[31m",
	};
	unsigned class = reply_class(code);

	if (class >= 2 && class <= 5)
		buf_add(out, slice_of(by_class[class]));
}

void
put_outcome_colour(struct buf *out, enum outcome o)
{
	if (o == OUTCOME_PERMANENT)
		put_colour(out, 500);
	else if (o == OUTCOME_TEMPORARY)
		put_colour(out, 400);
	else if (o == OUTCOME_DROPPED || o == OUTCOME_REFUSED)
		buf_add(out, SLICE("\033[35m"));
	else if (o == OUTCOME_OPEN)
		put_colour(out, 300);
}

void
put_bold(struct buf *out)
{
	buf_add(out, SLICE("\033[1m"));
}

void
put_plain(struct buf *out)
{
	buf_add(out, SLICE("\033[m"));
}

void
put_blanks(struct buf *out, size_t n)
{
	static const char blanks[] = "                                ";

	while (n) {
		size_t k = n < sizeof blanks - 1 ? n : sizeof blanks - 1;

		buf_add(out, (struct slice){ blanks, k });
		n -= k;
	}
}

void
put_number(struct buf *out, uint64_t n)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	buf_add(out, (struct slice){ digits + at, sizeof digits - at });
}

static char *
put_digits(char *p, int v, int width)
{
	for (int i = width; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + width;
}

void
put_time_of_day(struct buf *out, int64_t t, bool ms)
{
	char text[12], *p = text;
	struct civil c;

	if (t == CLOCK_NONE) {
		put_blanks(out, ms ? 12 : 8);
		return;
	}
	clock_to_civil(t, &c);
	p = put_digits(p, c.hour, 2);
	*p++ = ':';
	p = put_digits(p, c.minute, 2);
	*p++ = ':';
	p = put_digits(p, c.second, 2);
	if (ms) {
		*p++ = '.';
		p = put_digits(p, c.ms, 3);
	}
	buf_add(out, (struct slice){ text, (size_t)(p - text) });
}

struct slice
put_more(void)
{
	return text_is_utf8() ? SLICE("\xe2\x80\xa6") : SLICE("~");
}

size_t
put_safe(struct buf *out, struct slice text, size_t width)
{
	size_t at = out->n, w;

	/* A long text need not be measured to its end. */
	if (width != SIZE_MAX && text.n > 32 * width)
		w = SIZE_MAX;
	else
		w = text_width(text);
	if (w <= width) {
		text_safe(out, text, SIZE_MAX);
		return w;
	}
	if (width == 0)
		return 0;
	text_safe(out, text, width - 1);
	w = text_width(slice_from(buf_slice(out), at));
	buf_add(out, put_more());
	return w + 1;
}
