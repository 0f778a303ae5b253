/*
 * What a word of a reply is: an address, a host, an id, a number, a time.
 * Each is a guess by the form of the word alone; that the same form gives the
 * same class is what counts.
 */
#include "config.h"

#include "query/words.h"

/* The shortest run of letters and digits that can be an id. */
#define ID_MIN 6

static bool
is_alpha(char c)
{
	unsigned char l = ascii_lower((unsigned char)c);

	return l >= 'a' && l <= 'z';
}

static bool
is_digit(char c)
{
	return ascii_is_digit((unsigned char)c);
}

static bool
is_alnum(char c)
{
	return is_alpha(c) || is_digit(c);
}

static bool
is_hex(char c)
{
	unsigned char l = ascii_lower((unsigned char)c);

	return is_digit(c) || (l >= 'a' && l <= 'f');
}

/* How many characters of s from i on are of a kind. */
static size_t
run(struct slice s, size_t i, bool (*kind)(char))
{
	size_t n = 0;

	while (i + n < s.n && kind(s.p[i + n]))
		n++;
	return n;
}

bool
word_is_number(struct slice w)
{
	bool digit = false;

	for (size_t i = 0; i < w.n; i++) {
		if (is_digit(w.p[i]))
			digit = true;
		else if (!strchr(".,+-#%", w.p[i]) || !w.p[i])
			return false;
	}
	return digit;
}

static bool
is_ipv4(struct slice w)
{
	struct slice part;
	uint64_t value;
	int parts = 0;

	while (slice_cut(&w, '.', &part)) {
		if (part.n > 3 || !slice_to_u64(part, &value) || value > 255)
			return false;
		parts++;
	}
	return parts == 4;
}

/* With a port or a prefix length it is an address still. */
static bool
is_ip(struct slice w)
{
	ptrdiff_t slash = slice_find_char(w, '/');
	ptrdiff_t colon = slice_find_char(w, ':');
	size_t colons = 0;

	if (colon > 0 && is_ipv4(slice_head(w, (size_t)colon)) &&
	    word_is_number(slice_from(w, (size_t)colon + 1)))
		return true;
	if (slash > 0 && word_is_number(slice_from(w, (size_t)slash + 1)))
		w.n = (size_t)slash;
	if (slice_case_starts(w, SLICE("IPv6:")))
		w = slice_from(w, 5);
	if (is_ipv4(w))
		return true;
	for (size_t i = 0; i < w.n; i++) {
		colons += w.p[i] == ':';
		if (!is_hex(w.p[i]) && w.p[i] != ':' && w.p[i] != '.')
			return false;
	}
	return colons >= 2;
}

/* H:MM, H:MM:SS, with a fraction; the form of ISO 8601, or its date alone. */
static bool
is_time(struct slice w)
{
	size_t i = run(w, 0, is_digit);

	if (i == 4 && w.n >= 10 && w.p[4] == '-' && w.p[7] == '-' &&
	    is_digit(w.p[5]) && is_digit(w.p[9])) {
		if (w.n == 10)
			return true;
		w = slice_from(w, w.p[10] == 'T' ? 11 : 10);
		i = run(w, 0, is_digit);
	}
	if (i == 0 || i > 2 || w.n < i + 3 || w.p[i] != ':' ||
	    run(w, i + 1, is_digit) != 2)
		return false;
	for (i += 3; i < w.n; i++)
		if (!is_digit(w.p[i]) && !strchr(":.+-Z", w.p[i]))
			return false;
	return true;
}

/* Two letters or more, all small or all great. */
static bool
is_top_level(struct slice w)
{
	size_t small = 0, great = 0;

	for (size_t i = 0; i < w.n; i++) {
		small += w.p[i] >= 'a' && w.p[i] <= 'z';
		great += w.p[i] >= 'A' && w.p[i] <= 'Z';
	}
	return w.n >= 2 && w.n <= 24 && (small == w.n || great == w.n);
}

/*
 * Exchange names what went wrong in dotted words as well: the part of the
 * server, what it did, what it found.
 */
static bool
is_diagnosis(struct slice w)
{
	static const char parts[] = "RESOLVER STOREDRV ROUTING SMTPSEND QUEUE "
	    "SMTP APPROVAL DELIVERY TRANSPORT SUBMIT";
	struct slice rest = slice_of(parts), part;

	while (slice_cut(&rest, ' ', &part))
		if (w.n > part.n && w.p[part.n] == '.' &&
		    slice_starts(w, part))
			return true;
	return false;
}

static bool
is_host(struct slice w)
{
	ptrdiff_t colon = slice_find_char(w, ':');
	size_t labels = 0, letters = 0, label = 0;

	if (colon > 0 && word_is_number(slice_from(w, (size_t)colon + 1)))
		w.n = (size_t)colon;
	for (size_t i = 0; i < w.n; i++) {
		if (w.p[i] == '.') {
			if (label == 0)
				return false;
			labels++;
			label = letters = 0;
			continue;
		}
		if (!is_alnum(w.p[i]) && w.p[i] != '-' && w.p[i] != '_')
			return false;
		label++;
		letters += is_alpha(w.p[i]);
	}
	return labels > 0 && letters == label && !is_diagnosis(w) &&
	    is_top_level(slice_from(w, w.n - label));
}

/* A run of letters and digits that no person made up. */
static bool
piece_is_id(struct slice w)
{
	size_t digits = 0, hex = 0, turns = 0;

	for (size_t i = 0; i < w.n; i++) {
		digits += is_digit(w.p[i]);
		hex += is_hex(w.p[i]);
		turns += i > 0 && is_digit(w.p[i - 1]) && is_alpha(w.p[i]);
	}
	return w.n >= ID_MIN && digits > 0 && digits < w.n &&
	    (hex == w.n || turns > 0);
}

/* The names of things that look like ids and numbers and are none. */
static bool
is_term(struct slice w)
{
	return slice_case_eq(w, SLICE("8BITMIME")) ||
	    slice_case_starts(w, SLICE("0x"));
}

static bool
is_id(struct slice w)
{
	size_t i = 0;

	if (is_term(w))
		return false;
	while (i < w.n) {
		size_t n = run(w, i, is_alnum);

		if (piece_is_id((struct slice){ w.p + i, n }))
			return true;
		i += n ? n : 1;
	}
	return false;
}

bool
word_is_address(struct slice w)
{
	ptrdiff_t at = slice_find_char(w, '@');

	return at > 0 && (size_t)at + 1 < w.n;
}

const char *
word_class(struct slice w)
{
	static const struct {
		bool (*is)(struct slice w);
		const char *class;
	} classes[] = {
		{ word_is_address, "<addr>" }, { is_time, "<time>" },
		{ is_ip, "<ip>" }, { is_host, "<host>" },
		{ word_is_number, "<n>" }, { is_id, "<id>" },
	};

	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (classes[i].is(w))
			return classes[i].class;
	return NULL;
}

void
word_put_plain(struct buf *out, struct slice w)
{
	size_t i = 0;

	if (is_term(w)) {
		buf_add(out, w);
		return;
	}
	while (i < w.n) {
		size_t n = run(w, i, is_digit);

		if (n == 0) {
			buf_add_char(out, w.p[i++]);
			continue;
		}
		i += n;
		/* 1.5 and 1,500 are one number each. */
		if (i + 1 < w.n && (w.p[i] == '.' || w.p[i] == ',') &&
		    is_digit(w.p[i + 1]))
			i += 1 + run(w, i + 1, is_digit);
		buf_add(out, SLICE("<n>"));
	}
}

static bool
is_one_of(struct slice w, const char *names)
{
	for (const char *p = names; w.n == 3 && *p; p += 3)
		if (slice_case_eq(w, (struct slice){ p, 3 }))
			return true;
	return false;
}

/* The word at i, and where the next one begins. */
static struct slice
word_at(struct slice s, size_t i, size_t *next)
{
	struct slice w = { s.p + i, 0 };

	while (i < s.n && (unsigned char)s.p[i] > ' ' && s.p[i] != ',' &&
	    s.p[i] != ')')
		i++;
	w.n = (size_t)(s.p + i - w.p);
	while (i < s.n && (s.p[i] == ' ' || s.p[i] == ','))
		i++;
	*next = i;
	return w;
}

size_t
word_date(struct slice s, size_t i)
{
	size_t at = i, end = i, next;
	bool month = false, time = false;

	for (int words = 0; words < 6 && at < s.n; words++) {
		struct slice w = word_at(s, at, &next);

		if (is_one_of(w, "JanFebMarAprMayJunJulAugSepOctNovDec"))
			month = true;
		else if (w.n >= 5 && is_time(w))
			time = true;
		else if (w.n == 0 || !(word_is_number(w) ||
		    is_one_of(w, "MonTueWedThuFriSatSun")))
			break;
		end = (size_t)(w.p + w.n - s.p);
		at = next;
	}
	return month && time ? end - i : 0;
}
