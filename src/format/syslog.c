/*
 * The frame of syslog: stamp, host, program and process.
 *
 * Nearly every line has the stamp that the line before it had, but for the
 * seconds, so that is looked for first; every other form is taken apart with
 * patience.  A stamp without a year gets that of the latest one, the next
 * year when months jump back by half a year, the one before when they jump
 * ahead: such lines come late, out of December.
 */
#include "config.h"

#include "format/syslog.h"

#include <time.h>

#include "base/mask.h"
#include "format/digits.h"
#include "format/syslog_stamp.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    INT64_C(86400000)

/* --- the year ------------------------------------------------------------- */

/* The year of a stamp that has none; true when the state changed. */
static bool
find_year(struct syslog_state *ss, struct civil *c)
{
	int ahead = ss->month ? c->month - ss->month : 0;

	c->year = ss->year ? ss->year : 1970;
	if (ahead >= 6) {
		c->year--;               /* late, out of December */
		return false;
	}
	if (ahead <= -6 && c->year < INT16_MAX)
		c->year++;
	else if (ss->month && ahead <= 0)
		return false;
	ss->year = (int16_t)c->year;
	ss->month = (uint8_t)c->month;
	/* What was remembered was measured by another month. */
	memset(ss->minute, 0, sizeof ss->minute);
	return true;
}

/* --- the stamp, quickly --------------------------------------------------- */

/* Remembers the minute of a stamp that is written in n bytes up to there. */
static void
keep_minute(struct syslog_state *ss, const char *p, size_t n, int64_t time)
{
	int64_t minute = (time - (time % MINUTE_MS + MINUTE_MS) % MINUTE_MS) /
	    MINUTE_MS;

	if (minute < INT32_MIN || minute > INT32_MAX)
		return;
	memset(ss->minute, 0, sizeof ss->minute);
	memcpy(ss->minute, p, n);
	ss->minute_number = (int32_t)minute;
}

#define BSD_MINUTE 12    /* Mar 11 19:38 */
#define ISO_MINUTE 16    /* 2024-03-09T08:30 */

static inline bool
same_bytes(const char *a, const char *b, size_t n)
{
	return memcmp(a, b, n) == 0;
}

/* Mar 11 19:38:21 in the minute of the stamp before. */
static inline bool
quick_bsd(const struct syslog_state *ss, struct slice line, int64_t *time)
{
	unsigned second;

	if (!same_bytes(line.p, ss->minute, BSD_MINUTE) || ss->minute[BSD_MINUTE])
		return false;
	second = digit_pair(line.p + 13);
	if (second > 60 || line.p[12] != ':' || line.p[15] != ' ')
		return false;
	*time = ss->minute_number * MINUTE_MS + second * 1000;
	return true;
}

/* 2024-03-09T08:30:42.070830+10:00 likewise; *length of it and its blank. */
static inline bool
quick_iso(const struct syslog_state *ss, struct slice line, int64_t *time,
    size_t *length)
{
	struct syslog_stamp st = { .length = 0 };
	size_t at = ISO_MINUTE + 3;
	unsigned second;

	if (!same_bytes(line.p, ss->minute, ISO_MINUTE))
		return false;
	second = digit_pair(line.p + 17);
	if (second > 60 || line.p[16] != ':')
		return false;
	if (line.p[at] == '.' && digit_value(line.p[at + 1]) <= 9) {
		int scale = 100;

		for (at++; at < line.n && digit_value(line.p[at]) <= 9; at++) {
			st.c.ms += (int)digit_value(line.p[at]) * scale;
			scale /= 10;
		}
	}
	if (!syslog_parse_zone(line, &at, &st) || !syslog_one_of(line, &at, ' ', '\t'))
		return false;
	*time = ss->minute_number * MINUTE_MS + second * 1000 + st.c.ms -
	    (ss->wall ? 0 : st.offset) * INT64_C(1000);
	*length = at;
	return true;
}

/*
 * The stamp at the head of the line: its length with the blank, 0 when there
 * is none.
 */
static size_t
cut_stamp(struct syslog_state *ss, struct slice line, struct syslog_line *out)
{
	struct syslog_stamp st;
	size_t length;
	int64_t wall;

	if (line.n > 24 && quick_bsd(ss, line, &out->time))
		return 16;
	if (line.n > 24 && quick_iso(ss, line, &out->time, &length))
		return length;
	if (!syslog_parse_stamp(line, &st))
		return 0;
	if (!st.c.year)
		out->new_year = find_year(ss, &st.c);
	out->time = CLOCK_NONE;
	if (!civil_is_valid(&st.c))
		return st.length;
	wall = clock_from_civil(&st.c);
	out->time = wall - (ss->wall ? 0 : st.offset) * INT64_C(1000);
	/* Only stamps that the quick ways read as this one did. */
	if (st.c.second > 59)
		return st.length;
	if (st.iso && line.p[10] == 'T' && line.p[13] == ':' &&
	    line.p[16] == ':')
		keep_minute(ss, line.p, ISO_MINUTE, wall);
	else if (!st.iso && st.length == 16 && line.p[9] == ':' &&
	    line.p[12] == ':')
		keep_minute(ss, line.p, BSD_MINUTE, wall);
	return st.length;
}

/* --- what stands around the stamp ----------------------------------------- */

/* "<22>", "<22>1 "; how long it is. */
static size_t
priority_length(struct slice s, bool *rfc5424)
{
	size_t at = 1;
	int v;

	*rfc5424 = false;
	if (s.n < 3 || s.p[0] != '<' || !syslog_number(s, &at, 3, &v) ||
	    !syslog_one_of(s, &at, '>', '>'))
		return 0;
	if (at + 1 < s.n && s.p[at] == '1' && s.p[at + 1] == ' ') {
		*rfc5424 = true;
		return at + 2;
	}
	return at;
}

/* "stdout F " of a container runtime. */
static size_t
runtime_length(struct slice s)
{
	if (s.n > 9 && s.p[0] == 's' && (slice_starts(s, SLICE("stdout ")) ||
	    slice_starts(s, SLICE("stderr "))) && s.p[8] == ' ')
		return 9;
	return 0;
}

#define CONTAINER_NAME_MAX 64

/* "name-1  | ", as a set of containers writes before each line. */
static size_t
container_length(struct slice s)
{
	ptrdiff_t at = slice_find(slice_head(s, CONTAINER_NAME_MAX),
	    SLICE(" | "));

	return at < 0 ? 0 : (size_t)at + 3;
}

/* A second stamp, the server's own, behind that of the container's log. */
static size_t
inner_stamp(struct slice s)
{
	size_t n = runtime_length(s);
	struct syslog_stamp st;
	bool rfc5424;

	n += priority_length(slice_from(s, n), &rfc5424);
	return syslog_parse_stamp(slice_from(s, n), &st) ? n + st.length : n;
}

/* What no host's name begins with, or hardly one. */
static inline bool
may_be_stamp(struct slice s)
{
	unsigned char c;

	if (s.n < 16)
		return false;
	c = (unsigned char)s.p[0];
	if (digit_value(s.p[0]) <= 9 || c == '<' || c >= 0x80)
		return true;
	return s.p[3] == ' ' ? s.p[4] == ' ' || digit_value(s.p[4]) <= 9 :
	    c == 's' && s.p[6] == ' ' && s.p[8] == ' ';
}

/* --- the program ---------------------------------------------------------- */

/* The next word of *s, without the blank behind it. */
static struct slice
cut_word(struct slice *s)
{
	struct slice word = *s;
	const char *blank = s->n ? memchr(s->p, ' ', s->n) : NULL;

	if (blank)
		word.n = (size_t)(blank - s->p);
	*s = slice_from(*s, word.n + 1);
	return word;
}

/* Whether a word is "program[123]:" or "program:", and no host. */
static bool
is_tag(struct slice word)
{
	return word.n > 1 && word.p[word.n - 1] == ':';
}

/* "[ID 197553 mail.info] " stands before the text on Solaris. */
static struct slice
skip_message_id(struct slice text)
{
	const char *end;

	if (text.n < 6 || memcmp(text.p, "[ID ", 4) != 0)
		return text;
	end = memchr(text.p, ']', text.n);
	return end ? slice_from(text, (size_t)(end - text.p) + 2) : text;
}

/* "[123]: " or ": " behind the program. */
static struct slice
cut_pid(struct slice s, struct slice *pid)
{
	size_t n = 1;

	*pid = SLICE_NONE;
	if (s.n && s.p[0] == '[') {
		while (n < s.n && digit_value(s.p[n]) <= 9)
			n++;
		if (n < s.n && s.p[n] == ']') {
			*pid = (struct slice){ s.p + 1, n - 1 };
			s = slice_from(s, n + 1);
		}
	}
	if (s.n && s.p[0] == ':')
		s = slice_from(s, 1);
	if (s.n && s.p[0] == ' ')
		s = slice_from(s, 1);
	return s;
}

static void
cut_program(struct slice s, struct syslog_line *out)
{
	size_t n = mask_find_first(s.p, s.n, '[', ':', ' ');

	out->body = s;
	out->program = slice_head(s, n);
	out->text = cut_pid(slice_from(s, n), &out->pid);
	if (out->text.n && out->text.p[0] == '[')
		out->text = skip_message_id(out->text);
}

/* "mail:info " (AIX), "<mail.info> " (FreeBSD) between host and program. */
static struct slice
skip_level(struct slice s)
{
	struct slice rest = s, word;

	if (s.n == 0)
		return s;
	if (s.p[0] == '<') {
		cut_word(&rest);
		return rest;
	}
	if (s.n > 5 && memcmp(s.p, "mail:", 5) == 0 && s.p[5] != ' ') {
		word = cut_word(&rest);
		return is_tag(word) ? s : rest;
	}
	return s;
}

/* HOST PROGRAM PID MSGID [DATA] TEXT */
static bool
cut_rfc5424(struct slice s, struct syslog_line *out)
{
	static const struct slice mark = SLICE("\xef\xbb\xbf");

	out->host = cut_word(&s);
	if (slice_eq(out->host, SLICE("-")))
		out->host = SLICE_NONE;
	out->body = s;
	out->program = cut_word(&s);
	out->pid = cut_word(&s);
	if (out->pid.n && digit_value(out->pid.p[0]) > 9)
		out->pid = SLICE_NONE;
	cut_word(&s);
	if (s.n && s.p[0] == '[') {
		size_t n = 1;

		/* ']' in a value is escaped. */
		while (n < s.n && (s.p[n] != ']' || s.p[n - 1] == '\\' ||
		    (n + 1 < s.n && s.p[n + 1] == '[')))
			n++;
		s = slice_from(s, n + 2);
	} else {
		cut_word(&s);
	}
	out->text = slice_starts(s, mark) ? slice_from(s, mark.n) : s;
	return out->program.n > 0;
}

static bool
cut_rest(struct slice s, struct syslog_line *out)
{
	struct slice rest;

	if (may_be_stamp(s))
		s = slice_from(s, inner_stamp(s));
	s = slice_from(s, syslog_skip_blanks(s, 0));
	rest = s;
	out->host = cut_word(&rest);
	if (is_tag(out->host)) {
		out->host = SLICE_NONE;
		rest = s;
	}
	cut_program(skip_level(rest), out);
	return out->program.n > 0;
}

bool
syslog_cut(struct syslog_state *ss, struct slice line, struct syslog_line *out)
{
	bool rfc5424 = false;
	size_t n;

	out->new_year = false;
	n = cut_stamp(ss, line, out);
	if (n)
		return cut_rest(slice_from(line, n), out);
	n = priority_length(line, &rfc5424);
	if (!n)
		n = container_length(line);
	if (!n)
		return false;
	line = slice_from(line, n);
	n = cut_stamp(ss, line, out);
	if (!n)
		return false;
	line = slice_from(line, n);
	return rfc5424 ? cut_rfc5424(line, out) : cut_rest(line, out);
}

/* --- how a log begins ----------------------------------------------------- */

/*
 * The latest year in which the date was not in the future when the file was
 * written, a day left for zones and for clocks that are wrong.
 */
static int16_t
year_of(struct civil c, int64_t written)
{
	struct civil at;
	int year;

	clock_to_civil(written, &at);
	year = at.year;
	for (int back = 0; back < 9; back++, year--) {
		c.year = year;
		if (civil_is_valid(&c) && clock_from_civil(&c) <= written + DAY_MS)
			break;
	}
	return year > 0 && year < INT16_MAX ? (int16_t)year : 0;
}

static bool
stamp_of_line(struct slice line, struct syslog_stamp *st)
{
	bool rfc5424;
	size_t n;

	if (syslog_parse_stamp(line, st))
		return true;
	n = priority_length(line, &rfc5424);
	if (!n)
		n = container_length(line);
	return n && syslog_parse_stamp(slice_from(line, n), st);
}

void
syslog_begin(struct syslog_state *ss, struct slice head,
    const struct format_hint *hint, struct format_traits *traits)
{
	int64_t written = hint ? hint->written : CLOCK_NONE;
	struct slice line;
	struct syslog_stamp st;

	*ss = (struct syslog_state){ .year = 0 };
	if (written == CLOCK_NONE)
		written = (int64_t)time(NULL) * 1000;
	if (hint)
		written += hint->ahead;
	do {
		if (!slice_cut(&head, '\n', &line))
			return;
	} while (!stamp_of_line(line, &st));
	traits->times_are_utc = st.zoned;
	traits->times_have_ms = st.ms;
	ss->wall = !st.zoned;
	if (st.c.year)
		return;
	ss->year = year_of(st.c, written);
	ss->month = (uint8_t)st.c.month;
}
