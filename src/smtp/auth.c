/*
 * User names out of AUTH data.
 */
#include "config.h"

#include "smtp/auth.h"

#include <stdlib.h>

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* False when it is no base64. */
static bool
base64_decode(struct slice s, struct buf *out)
{
	unsigned bits = 0, have = 0;

	s = slice_trim(s);
	while (s.n && s.p[s.n - 1] == '=')
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		int d = base64_digit(s.p[i]);

		if (d < 0)
			return false;
		bits = bits << 6 | (unsigned)d;
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_add_char(out, (char)(bits >> have & 255));
		}
	}
	return s.n > 0;
}

/* authzid NUL authcid NUL password */
static bool
plain_user(struct slice data, struct buf *user)
{
	ptrdiff_t first = slice_find_char(data, '\0'), second;

	if (first < 0)
		return false;
	data = slice_from(data, (size_t)first + 1);
	second = slice_find_char(data, '\0');
	if (second <= 0)
		return false;
	buf_add(user, slice_head(data, (size_t)second));
	return true;
}

static unsigned
le16(const char *p)
{
	return (unsigned)(unsigned char)p[0] |
	    (unsigned)(unsigned char)p[1] << 8;
}

/* UTF-16LE, of which only Latin 1 is taken: names of accounts are. */
static void
add_utf16(struct buf *out, struct slice s)
{
	for (size_t i = 0; i + 1 < s.n; i += 2) {
		unsigned c = le16(s.p + i);

		if (c < 0x80)
			buf_add_char(out, (char)c);
		else if (c < 0x100)
			buf_addf(out, "%c%c", (int)(0xc0 | c >> 6),
			    (int)(0x80 | (c & 63)));
		else
			buf_add_char(out, '?');
	}
}

/* A field of an NTLM message: length, room, offset. */
static struct slice
ntlm_field(struct slice m, size_t at)
{
	size_t n = le16(m.p + at);
	size_t offset = le16(m.p + at + 4) | (size_t)le16(m.p + at + 6) << 16;

	if (offset > m.n || n > m.n - offset)
		return SLICE_NONE;
	return slice_head(slice_from(m, offset), n);
}

static bool
ntlm_user(struct slice m, struct buf *user)
{
	struct slice name, domain;

	if (m.n < 64 || memcmp(m.p, "NTLMSSP", 8) != 0 || le16(m.p + 8) != 3)
		return false;
	domain = ntlm_field(m, 28);
	name = ntlm_field(m, 36);
	if (name.n == 0)
		return false;
	if (domain.n) {
		add_utf16(user, domain);
		buf_add_char(user, '\\');
	}
	add_utf16(user, name);
	return true;
}

bool
auth_user(struct slice mechanism, unsigned turn, struct slice data,
    struct buf *user)
{
	struct buf plain = { 0 };
	bool found = false;

	if (base64_decode(data, &plain)) {
		struct slice d = buf_slice(&plain);

		if (slice_case_eq(mechanism, SLICE("PLAIN")))
			found = plain_user(d, user);
		else if (slice_case_eq(mechanism, SLICE("LOGIN")) && turn == 0)
			found = d.n > 0 && (buf_add(user, d), true);
		else if (slice_case_eq(mechanism, SLICE("NTLM")) ||
		    slice_case_eq(mechanism, SLICE("GSSAPI")))
			found = ntlm_user(d, user);
	}
	if (plain.p)
		memset(plain.p, 0, plain.n);
	buf_free(&plain);
	return found;
}
