/*
 * IP addresses.  IPv4 is read here, for speed: a filter asks it of a million
 * sessions; IPv6 is inet_pton()'s.
 */
#include "config.h"

#include "query/address.h"

#include <arpa/inet.h>

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static bool
parse_v4(struct slice s, unsigned char out[4])
{
	size_t i = 0;

	for (int part = 0; part < 4; part++) {
		unsigned v = 0;
		size_t digits = 0;

		if (part && (i >= s.n || s.p[i++] != '.'))
			return false;
		for (; i < s.n && digits < 3 &&
		    ascii_is_digit((unsigned char)s.p[i]); digits++)
			v = v * 10 + (unsigned)(s.p[i++] - '0');
		if (digits == 0 || v > 255)
			return false;
		out[part] = (unsigned char)v;
	}
	return i == s.n;
}

static bool
parse_v6(struct slice s, unsigned char out[16])
{
	char text[INET6_ADDRSTRLEN];
	ptrdiff_t zone = slice_find_char(s, '%');

	if (zone >= 0)
		s = slice_head(s, (size_t)zone);
	if (s.n < 2 || s.n >= sizeof text)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return strlen(text) == s.n && inet_pton(AF_INET6, text, out) == 1;
}

bool
address_parse(struct slice s, struct address *a)
{
	static const struct slice tag = { "IPv6:", 5 };

	if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = slice_from(slice_head(s, s.n - 1), 1);
	if (slice_case_starts(s, tag))
		s = slice_from(s, tag.n);
	if (slice_find_char(s, ':') >= 0) {
		if (!parse_v6(s, a->byte))
			return false;
		a->v4 = memcmp(a->byte, mapped, sizeof mapped) == 0;
		return true;
	}
	memcpy(a->byte, mapped, sizeof mapped);
	a->v4 = true;
	return parse_v4(s, a->byte + 12);
}

int
address_compare(const struct address *a, const struct address *b)
{
	if (a->v4 != b->v4)
		return a->v4 ? -1 : 1;
	return memcmp(a->byte, b->byte, sizeof a->byte);
}

bool
address_net(const struct address *a, uint64_t bits, struct address *first,
    struct address *last)
{
	if (bits > (a->v4 ? 32 : 128))
		return false;
	if (a->v4)
		bits += 96;
	*first = *last = *a;
	for (size_t i = 0; i < 16; i++) {
		unsigned keep = bits >= 8 * (i + 1) ? 8 :
		    bits <= 8 * i ? 0 : (unsigned)(bits - 8 * i);
		unsigned char host = (unsigned char)(0xff >> keep);

		first->byte[i] &= (unsigned char)~host;
		last->byte[i] |= host;
	}
	return true;
}
