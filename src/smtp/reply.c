/*
 * Reply lines and enhanced status codes.  reply_parse() runs once for every
 * server line of a log; it looks at four bytes, and further only where an
 * enhanced code may stand.
 */
#include "config.h"

#include "smtp/reply.h"

static bool
is_digit_at(struct slice s, size_t i)
{
	return i < s.n && ascii_is_digit((unsigned char)s.p[i]);
}

static unsigned
digit_at(struct slice s, size_t i)
{
	return (unsigned)(unsigned char)s.p[i] - '0';
}

static struct slice
skip_blanks(struct slice s)
{
	while (s.n && ascii_is_blank((unsigned char)s.p[0]))
		s = slice_from(s, 1);
	return s;
}

bool
reply_parse(struct slice line, struct reply *r)
{
	*r = (struct reply){ 0 };
	r->code = reply_head(line, &r->more);
	if (!r->code)
		return false;
	r->text = skip_blanks(slice_from(line, 4));
	if (r->text.n && is_digit_at(r->text, 0))
		enhanced_parse(r->text, &r->enhanced, &r->text);
	return true;
}

/* A dot and one to three digits at *at. */
static bool
dotted_number(struct slice s, size_t *at, unsigned *value)
{
	size_t i = *at;
	unsigned v = 0, digits = 0;

	if (i >= s.n || s.p[i] != '.')
		return false;
	for (i++; is_digit_at(s, i) && digits < 4; i++, digits++)
		v = v * 10 + digit_at(s, i);
	*at = i;
	*value = v;
	return digits >= 1 && digits <= 3;
}

/*
 * What may follow an enhanced code.  RFC 2034 has a blank; some servers put a
 * colon or the like.  A fourth number, a letter or a hyphen means an address
 * or a version.
 */
static bool
ends_code(struct slice s, size_t at)
{
	return at >= s.n || ascii_is_blank((unsigned char)s.p[at]) ||
	    s.p[at] == ':' || s.p[at] == ',' || s.p[at] == ';';
}

/* "5.1.1 ", as nearly all are. */
static bool
is_of_three_digits(struct slice s)
{
	return s.n > 5 && s.p[1] == '.' && s.p[3] == '.' && s.p[5] == ' ' &&
	    ascii_is_digit((unsigned char)s.p[2]) &&
	    ascii_is_digit((unsigned char)s.p[4]);
}

bool
enhanced_parse(struct slice text, uint32_t *enhanced, struct slice *rest)
{
	unsigned subject, detail;
	size_t at = 1;

	if (text.n < 5 || (text.p[0] != '2' && text.p[0] != '4' &&
	    text.p[0] != '5'))
		return false;
	if (is_of_three_digits(text)) {
		subject = digit_at(text, 2);
		detail = digit_at(text, 4);
		at = 5;
	} else if (!dotted_number(text, &at, &subject) ||
	    !dotted_number(text, &at, &detail) || !ends_code(text, at)) {
		return false;
	}
	*enhanced = ENHANCED(digit_at(text, 0), subject, detail);
	if (rest) {
		if (at < text.n && !ascii_is_blank((unsigned char)text.p[at]))
			at++;
		*rest = skip_blanks(slice_from(text, at));
	}
	return true;
}

void
enhanced_format(struct buf *out, uint32_t enhanced)
{
	if (enhanced)
		buf_addf(out, "%u.%u.%u", ENHANCED_CLASS(enhanced),
		    ENHANCED_SUBJECT(enhanced), ENHANCED_DETAIL(enhanced));
}

void
reply_code_text(unsigned code, char text[REPLY_CODE_SIZE])
{
	bool known = reply_code_known(code);

	text[0] = (char)('0' + reply_class(code) % 10);
	text[1] = (char)(known ? '0' + code / 10 % 10 : 'x');
	text[2] = (char)(known ? '0' + code % 10 : 'x');
	text[3] = '\0';
}
