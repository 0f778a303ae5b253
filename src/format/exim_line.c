/*
 * Taking lines of Exim logs apart.
 *
 *   2026-11-25 10:00:00.123 +0100 [4242] 1rABCD-000000005vi-0000 <= ...
 *   Nov 25 10:00:00 mx exim[4242]: 2026-11-25 10:00:00 H=(x) [192.0.2.1] ...
 *   2026-11-25 10:00:00 mx exim[4242]: H=(x) [192.0.2.1] ...
 *   mx exim[4242]: 2026-11-25 10:00:00 H=(x) [192.0.2.1] ...
 */
#include "config.h"

#include "format/exim_line.h"

#include "base/clock.h"
#include "format/digits.h"
#include "format/exim_parts.h"

/* A frame's host or level in front of `exim[...]:` is no longer than this. */
#define FRAME_WORD 64

/* --- the stamp ------------------------------------------------------------ */

/* "YYYY-MM-DD HH:MM" at p, 16 bytes. */
static bool
learn_minute(struct exim_state *st, const char *p)
{
	unsigned century = digit_pair(p), year = digit_pair(p + 2);
	unsigned month = digit_pair(p + 5), day = digit_pair(p + 8);
	unsigned hour = digit_pair(p + 11), minute = digit_pair(p + 14);
	struct civil c = {
		.year = (int)(century * 100 + year), .month = (int)month,
		.day = (int)day, .hour = (int)hour, .minute = (int)minute,
	};

	if (century > 99 || year > 99 || p[4] != '-' || p[7] != '-' ||
	    p[10] != ' ' || p[13] != ':' || !civil_is_valid(&c))
		return false;
	st->minute_number = (int32_t)(clock_from_civil(&c) / 60000);
	memcpy(st->minute, p, sizeof st->minute);
	return true;
}

static void
cut_fraction(struct slice *s, int64_t *t)
{
	int64_t ms = 0;
	int64_t worth = 100;
	size_t n = 1;

	if (s->n < 2 || s->p[0] != '.')
		return;
	for (; n < s->n && digit_value(s->p[n]) <= 9; n++, worth /= 10)
		ms += worth * (int64_t)digit_value(s->p[n]);
	*t += ms;
	*s = slice_from(*s, n);
}

static void
cut_offset(const struct exim_state *st, struct slice *s, struct exim_line *l)
{
	int seconds;

	if (s->n < 6 || s->p[0] != ' ' || (s->p[1] != '+' && s->p[1] != '-') ||
	    clock_parse_offset((struct slice){ s->p + 1, 5 }, &seconds) < 0)
		return;
	if (s->n > 6 && s->p[6] != ' ')
		return;
	l->zoned = true;
	if (st->zoned)
		l->time -= (int64_t)seconds * 1000;
	*s = slice_from(*s, 6);
}

/* "2026-11-25 10:00:00[.123][ +0100] " off the front of *s. */
static bool
cut_stamp(struct exim_state *st, struct slice *s, struct exim_line *l)
{
	struct slice rest;
	unsigned second;

	if (s->n < 19 || s->p[16] != ':' ||
	    (memcmp(s->p, st->minute, sizeof st->minute) != 0 &&
	    !learn_minute(st, s->p)))
		return false;
	second = digit_pair(s->p + 17);
	if (second > 60)
		return false;
	rest = slice_from(*s, 19);
	l->time = (int64_t)st->minute_number * 60000 + (int64_t)second * 1000;
	cut_fraction(&rest, &l->time);
	cut_offset(st, &rest, l);
	if (rest.n && rest.p[0] != ' ')
		return false;
	*s = slice_from(rest, 1);
	return true;
}

/* --- frames --------------------------------------------------------------- */

/* "[digits]" and `behind` off the front of *s. */
static bool
cut_pid(struct slice *s, struct slice behind, struct slice *pid)
{
	size_t n = 1;
	struct slice rest;

	if (s->n < 3 || s->p[0] != '[')
		return false;
	while (n < s->n && digit_value(s->p[n]) <= 9)
		n++;
	if (n == 1 || n >= s->n || s->p[n] != ']')
		return false;
	rest = slice_from(*s, n + 1);
	if (!exim_cut_words(&rest, behind))
		return false;
	*pid = (struct slice){ s->p + 1, n - 1 };
	*s = rest;
	return true;
}

/* "exim[4242]: ", "exim4: ". */
static bool
cut_program(struct slice *s, struct slice *pid)
{
	struct slice rest = *s;
	size_t n = 4;

	if (!slice_starts(rest, SLICE("exim")))
		return false;
	while (n < rest.n && n < FRAME_WORD && rest.p[n] > ' ' &&
	    rest.p[n] != '[' && rest.p[n] != ':')
		n++;
	rest = slice_from(rest, n);
	if (!cut_pid(&rest, SLICE(": "), pid) &&
	    !exim_cut_words(&rest, SLICE(": ")))
		return false;
	*s = rest;
	return true;
}

/* A host or a level, and the program. */
static bool
cut_frame(struct slice *s, struct slice *pid)
{
	ptrdiff_t n = slice_find_char(slice_head(*s, FRAME_WORD), ' ');
	struct slice rest;

	if (n <= 0)
		return false;
	rest = slice_from(*s, (size_t)n + 1);
	if (!slice_starts(rest, SLICE("exim")) || !cut_program(&rest, pid))
		return false;
	*s = rest;
	return true;
}

/*
 * "[2/3] ": a record too long for syslog, in pieces; "[2\3] " where it was cut
 * at a line end.
 */
static bool
cut_piece(struct slice *s, bool *further)
{
	size_t n = 1, mark;

	if (s->n < 6 || s->p[0] != '[' || digit_value(s->p[1]) > 9)
		return false;
	while (n < s->n && digit_value(s->p[n]) <= 9)
		n++;
	if (n >= s->n || (s->p[n] != '/' && s->p[n] != '\\'))
		return false;
	mark = n++;
	while (n < s->n && digit_value(s->p[n]) <= 9)
		n++;
	if (n == mark + 1 || n + 1 >= s->n || s->p[n] != ']' ||
	    s->p[n + 1] != ' ')
		return false;
	*further = !(mark == 2 && s->p[1] == '1');
	*s = slice_from(*s, n + 2);
	return true;
}

static bool
is_program(struct slice program)
{
	return slice_case_starts(program, SLICE("exim"));
}

static bool
cut_syslog(struct exim_state *st, struct slice *s, struct exim_line *l)
{
	struct syslog_line sl;

	if (!syslog_cut(&st->syslog, *s, &sl) || !is_program(sl.program))
		return false;
	l->time = sl.time;
	l->state = sl.new_year;
	l->pid = sl.pid;
	*s = sl.text;
	return true;
}

/* --- the line ------------------------------------------------------------- */

#define EACH(byte) ((byte) * UINT64_C(0x0101010101010101))

/* Of bytes that are ASCII, those in a range: the top bit of each. */
static inline uint64_t
bytes_within(uint64_t v, uint64_t low, uint64_t high)
{
	return (v + EACH(0x80 - low)) & ~(v + EACH(0x7f - high)) & EACH(0x80);
}

/* The alphabet of message ids, for eight bytes at once. */
static inline bool
all_base62(uint64_t v)
{
	return (v & EACH(0x80)) == 0 && (bytes_within(v | EACH(0x20), 'a',
	    'z') | bytes_within(v, '0', '9')) == EACH(0x80);
}

/* So many bytes from p on, as eight of which some stand there twice. */
static inline uint64_t
bytes8(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static inline uint64_t
bytes4(const char *p, const char *q)
{
	uint32_t v, w;

	memcpy(&v, p, sizeof v);
	memcpy(&w, q, sizeof w);
	return (uint64_t)v << 32 | w;
}

static inline bool
goes_on(struct slice s, size_t n)
{
	return n < s.n && all_base62(EACH((unsigned char)s.p[n]));
}

/* How long a message id stands at the head: 16 or 23; 0: none does. */
static size_t
id_length(struct slice s)
{
	if (s.n < 16 || s.p[6] != '-' || !all_base62(bytes4(s.p, s.p + 2)))
		return 0;
	if (s.n >= 23 && s.p[18] == '-' && all_base62(bytes8(s.p + 7)) &&
	    all_base62(bytes8(s.p + 10)) &&
	    all_base62(bytes4(s.p + 19, s.p + 19)) && !goes_on(s, 23))
		return 23;
	if (s.p[13] == '-' && all_base62(bytes4(s.p + 7, s.p + 9)) &&
	    all_base62(EACH((unsigned char)s.p[14])) &&
	    all_base62(EACH((unsigned char)s.p[15])) && !goes_on(s, 16))
		return 16;
	return 0;
}

static void
cut_id(struct exim_line *l)
{
	size_t n = id_length(l->text);

	l->shown = l->text;
	if (n == 0 || (n < l->text.n && l->text.p[n] != ' '))
		return;
	l->id = slice_head(l->text, n);
	l->text = slice_from(l->text, n + 1);
}

bool
exim_cut_line(struct exim_state *st, struct slice line, struct exim_line *l)
{
	struct slice s = line;

	*l = (struct exim_line){ .time = CLOCK_NONE };
	if (line.n == 0)
		return false;
	if (cut_stamp(st, &s, l)) {
		if (s.n > 1 && (s.p[0] != '[' || digit_value(s.p[1]) > 9))
			cut_frame(&s, &l->pid);
	} else {
		if (!cut_syslog(st, &s, l) && !cut_frame(&s, &l->pid))
			return false;
		if (cut_piece(&s, &l->piece) && l->piece) {
			l->text = l->shown = s;
			return true;
		}
		cut_stamp(st, &s, l);
	}
	cut_pid(&s, SLICE(" "), &l->pid);
	l->text = s;
	cut_id(l);
	return true;
}
