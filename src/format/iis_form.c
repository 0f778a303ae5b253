/*
 * The three forms of the logs of IIS.
 *
 * W3C extended: columns with blanks between, named by #Fields:, times in UTC.
 * Without a header the columns are all there are, in their usual order.
 * Microsoft IIS: fourteen columns with `, ` between and the argument, which
 * may hold commas itself; the date by the server's locale, local times.
 * NCSA: `peer - user [date] "VERB -?argument SMTP" code bytes`.
 */
#include "config.h"

#include "format/iis_form.h"

#include "base/mask.h"
#include "format/locale_date.h"
#include "format/syslog_stamp.h"

#define COLUMNS_MAX 24
#define DAY_MS INT64_C(86400000)

/*
 * `columns` are those up to the last one of use; none stands for the usual
 * order.  The day of the last date saves the arithmetic of the calendar and
 * changes no result.
 */
struct iis_state {
	uint8_t order;           /* enum locale_order */
	uint8_t columns;
	uint8_t column[COLUMNS_MAX];
	char date[10];           /* as last written, or zeros */
	int32_t date_day;        /* since 1970 */
	int32_t day;             /* of #Date:, for rows without a date; or 0 */
};
_Static_assert(sizeof(struct iis_state) <= FORMAT_STATE_MAX, "state fits");

static const struct {
	struct slice name;
	enum iis_field field;
} names[] = {
	{ { "date", 4 }, IIS_DATE }, { { "time", 4 }, IIS_TIME },
	{ { "c-ip", 4 }, IIS_PEER }, { { "cs-username", 11 }, IIS_USER },
	{ { "s-sitename", 10 }, IIS_SITE }, { { "s-ip", 4 }, IIS_LOCAL },
	{ { "cs-method", 9 }, IIS_METHOD },
	{ { "cs-uri-stem", 11 }, IIS_STEM },
	{ { "cs-uri-query", 12 }, IIS_QUERY },
	{ { "sc-status", 9 }, IIS_STATUS },
};

static const uint8_t usual[] = { IIS_DATE, IIS_TIME, IIS_PEER, IIS_USER,
	IIS_SITE, IIS_OTHER, IIS_LOCAL, IIS_OTHER, IIS_METHOD, IIS_STEM,
	IIS_QUERY, IIS_STATUS };

static const uint8_t microsoft[] = { IIS_PEER, IIS_USER, IIS_DATE, IIS_TIME,
	IIS_SITE, IIS_OTHER, IIS_LOCAL, IIS_OTHER, IIS_OTHER, IIS_OTHER,
	IIS_STATUS, IIS_OTHER, IIS_METHOD, IIS_STEM };

/* --- times ------------------------------------------------------------------ */

static unsigned
two(const char *p)
{
	unsigned a = (unsigned)(unsigned char)p[0] - '0';
	unsigned b = (unsigned)(unsigned char)p[1] - '0';

	return a > 9 || b > 9 ? 100 : a * 10 + b;
}

/* 2010-01-09 */
static bool
iso_day(struct slice s, int32_t *day)
{
	struct civil c = { 0 };
	unsigned high, low;

	if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-')
		return false;
	high = two(s.p);
	low = two(s.p + 2);
	c.year = (int)(high * 100 + low);
	c.month = (int)two(s.p + 5);
	c.day = (int)two(s.p + 8);
	if (high > 99 || low > 99 || !civil_is_valid(&c))
		return false;
	*day = (int32_t)(clock_from_civil(&c) / DAY_MS);
	return true;
}

/* 18:49:30, as ms of the day, or -1. */
static int32_t
time_of_day(struct slice s)
{
	unsigned h, m, sec;

	if (s.n < 8 || s.p[2] != ':' || s.p[5] != ':')
		return -1;
	h = two(s.p);
	m = two(s.p + 3);
	sec = two(s.p + 6);
	return h > 23 || m > 59 || sec > 60 ? -1 :
	    (int32_t)((h * 60 + m) * 60 + sec) * 1000;
}

static int64_t
w3c_time(struct iis_state *is, const struct iis_row *r)
{
	struct slice date = r->field[IIS_DATE];
	int32_t day = is->day, ms = time_of_day(r->field[IIS_TIME]);

	if (ms < 0)
		return CLOCK_NONE;
	if (date.p) {
		if (date.n != 10)
			return CLOCK_NONE;
		if (memcmp(date.p, is->date, 10) != 0) {
			if (!iso_day(date, &day))
				return CLOCK_NONE;
			memcpy(is->date, date.p, 10);
			is->date_day = day;
		}
		day = is->date_day;
	}
	return date.p || day ? day * DAY_MS + ms : CLOCK_NONE;
}

static int64_t
microsoft_time(const struct iis_state *is, const struct iis_row *r)
{
	struct locale_stamp st;
	size_t date = 0, time = 0;

	if (!locale_date(r->field[IIS_DATE], &date, &st) ||
	    !locale_clock(r->field[IIS_TIME], &time, &st))
		return CLOCK_NONE;
	return locale_time(&st, (enum locale_order)is->order);
}

/* 18/Aug/2006:13:17:37 -0800, with or without a blank behind the sign. */
static int64_t
ncsa_time(struct slice s)
{
	struct civil c = { 0 };
	struct slice zone;
	int32_t ms;
	int offset;

	if (s.n < 20 || s.p[2] != '/' || s.p[6] != '/' || s.p[11] != ':')
		return CLOCK_NONE;
	c.day = (int)two(s.p);
	c.month = (int)syslog_month((struct slice){ s.p + 3, 3 });
	c.year = (int)(two(s.p + 7) * 100 + two(s.p + 9));
	ms = time_of_day(slice_from(s, 12));
	if (ms < 0 || c.year > 9999 || !civil_is_valid(&c))
		return CLOCK_NONE;
	zone = slice_trim(slice_from(s, 20));
	if (zone.n > 2 && zone.p[1] == ' ') {
		char joined[8] = { zone.p[0] };
		struct slice digits = slice_head(slice_from(zone, 2), 6);

		memcpy(joined + 1, digits.p, digits.n);
		offset = 0;
		if (clock_parse_offset((struct slice){ joined, digits.n + 1 },
		    &offset) != 0)
			offset = 0;
	} else if (clock_parse_offset(zone, &offset) != 0) {
		offset = 0;
	}
	return clock_from_civil(&c) + ms - (int64_t)offset * 1000;
}

/* --- columns ---------------------------------------------------------------- */

/* Where the separators are among the 64 bytes at `at` of the line. */
static inline uint64_t
separators(struct slice line, size_t at, char sep)
{
	size_t left = line.n - at;

	if (left >= MASK_BYTES)
		return mask_of(line.p + at, sep);
	if (line.n >= MASK_BYTES)
		return mask_of(line.p + line.n - MASK_BYTES, sep) >>
		    (MASK_BYTES - left);
	return mask_of_few(line.p + at, (unsigned)left, sep);
}

/* cut() for one separator. */
static inline size_t
cut_at(struct slice line, char sep, const uint8_t *column, unsigned n,
    struct iis_row *r)
{
	size_t start = 0;
	unsigned i = 0;

	for (size_t at = 0; at < line.n; at += MASK_BYTES) {
		uint64_t hits = separators(line, at, sep);

		for (; hits; hits &= hits - 1) {
			size_t end = at + mask_first(hits);

			r->field[column[i]] = (struct slice){ line.p + start,
				end - start };
			start = end + 1;
			if (sep == ',' && start < line.n &&
			    line.p[start] == ' ')
				start++;
			if (++i == n)
				return start;
		}
	}
	if (start < line.n)
		r->field[column[i]] = slice_from(line, start);
	return line.n;
}

/*
 * Cuts n columns, and leaves out the blank behind a comma.  Returns where the
 * rest begins: behind the line when it has no more columns.
 */
static size_t
cut(struct slice line, char sep, const uint8_t *column, unsigned n,
    struct iis_row *r)
{
	return sep == ',' ? cut_at(line, ',', column, n, r) :
	    cut_at(line, ' ', column, n, r);
}

/* From the verb to the argument, with the column between, if they touch. */
static struct slice
command_of(const struct iis_row *r, size_t gap)
{
	struct slice verb = r->field[IIS_METHOD], stem = r->field[IIS_STEM];
	struct slice query = r->field[IIS_QUERY];
	const char *end = verb.p ? verb.p + verb.n : NULL;

	if (verb.p && stem.p && stem.p == end + gap)
		end = stem.p + stem.n;
	if (verb.p && query.p && query.p == end + gap)
		end = query.p + query.n;
	verb.n = verb.p ? (size_t)(end - verb.p) : 0;
	return verb;
}

static bool
cut_w3c(struct iis_state *is, struct slice line, struct iis_row *r)
{
	if (is->columns)
		cut(line, ' ', is->column, is->columns, r);
	else
		cut(line, ' ', usual, sizeof usual, r);
	if (!r->field[IIS_METHOD].p)
		return false;
	r->flags = EVENT_PLUS;
	r->time = w3c_time(is, r);
	r->text = command_of(r, 1);
	return true;
}

static bool
cut_microsoft(const struct iis_state *is, struct slice line, struct iis_row *r)
{
	size_t rest = cut(line, ',', microsoft, sizeof microsoft, r);
	struct slice query = slice_from(line, rest);

	if (!r->field[IIS_STEM].p)
		return false;
	if (query.n && query.p[query.n - 1] == ',')
		query.n--;
	r->field[IIS_QUERY] = query;
	r->flags = EVENT_COMMAS;
	r->time = microsoft_time(is, r);
	r->text = command_of(r, 2);
	return r->time != CLOCK_NONE;
}

/* Behind the quote: `MAIL -?+FROM:<a@b> SMTP" 250 47`. */
static bool
cut_request(struct slice s, struct iis_row *r)
{
	ptrdiff_t quote = slice_find(s, SLICE("\" ")), blank;
	struct slice rest;

	if (quote < 0)
		return false;
	rest = slice_from(s, (size_t)quote + 2);
	s = slice_head(s, (size_t)quote);
	slice_cut(&rest, ' ', &r->field[IIS_STATUS]);
	for (size_t i = s.n; i-- > 0;)
		if (s.p[i] == ' ') {
			/* The version is the last word. */
			s = slice_head(s, i);
			break;
		}
	blank = slice_find_char(s, ' ');
	r->field[IIS_METHOD] = slice_head(s, blank < 0 ? s.n : (size_t)blank);
	if (blank >= 0) {
		rest = slice_from(s, (size_t)blank + 1);
		if (slice_starts(rest, SLICE("-?")))
			rest = slice_from(rest, 2);
		r->field[IIS_QUERY] = rest;
	}
	r->text = s;
	return true;
}

static bool
cut_ncsa(struct slice line, struct iis_row *r)
{
	ptrdiff_t at = slice_find(line, SLICE(" [")), end;
	struct slice head, word;

	if (at < 0 || (end = slice_find(slice_from(line, (size_t)at),
	    SLICE("] \""))) < 0)
		return false;
	head = slice_head(line, (size_t)at);
	r->time = ncsa_time(slice_head(slice_from(line, (size_t)at + 2),
	    (size_t)end - 2));
	if (r->time == CLOCK_NONE)
		return false;
	if (!slice_cut(&head, ' ', &r->field[IIS_PEER]) ||
	    !slice_cut(&head, ' ', &word))
		return false;
	r->field[IIS_USER] = head;
	r->flags = EVENT_PLUS;
	return cut_request(slice_from(line, (size_t)(at + end) + 3), r);
}

bool
iis_cut(struct format_state *st, struct slice line, struct iis_row *r)
{
	struct iis_state *is = (void *)st->bytes;
	ptrdiff_t blank = slice_find_char(slice_head(line, 256), ' ');

	r->time = CLOCK_NONE;
	r->flags = 0;
	r->text = SLICE_NONE;
	memset(r->field, 0, sizeof r->field);
	if (blank <= 0)
		return false;
	if (line.p[blank - 1] == ',')
		return cut_microsoft(is, line, r);
	if (!is->columns && line.p[line.n - 1] != '-' &&
	    slice_starts(slice_from(line, (size_t)blank), SLICE(" - ")) &&
	    cut_ncsa(line, r))
		return true;
	return cut_w3c(is, line, r);
}

/* --- header lines ------------------------------------------------------------ */

static void
read_fields(struct iis_state *is, struct slice list)
{
	struct slice name;
	unsigned n = 0;

	is->columns = 0;
	memset(is->column, 0, sizeof is->column);
	list = slice_trim(list);
	while (n < COLUMNS_MAX && slice_cut(&list, ' ', &name)) {
		is->column[n] = IIS_OTHER;
		for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
			if (slice_case_eq(name, names[i].name))
				is->column[n] = (uint8_t)names[i].field;
		n++;
		if (is->column[n - 1] != IIS_OTHER)
			is->columns = (uint8_t)n;
	}
}

static const struct slice fields_mark = { "#Fields:", 8 };
static const struct slice date_mark = { "#Date:", 6 };

void
iis_header(struct format_state *st, struct slice line)
{
	struct iis_state *is = (void *)st->bytes;

	if (slice_case_starts(line, fields_mark))
		read_fields(is, slice_from(line, fields_mark.n));
	else if (slice_case_starts(line, date_mark) &&
	    !iso_day(slice_trim(slice_from(line, date_mark.n)), &is->day))
		is->day = 0;
}

static bool
names_columns(struct slice line)
{
	return slice_case_starts(line, fields_mark) &&
	    slice_find(line, SLICE(" c-ip")) >= 0 &&
	    slice_find(line, SLICE(" cs-method")) >= 0;
}

bool
iis_begin(struct format_state *st, struct slice head,
    struct format_traits *traits)
{
	struct iis_state *is = (void *)st->bytes;
	struct locale_votes votes = { 0 };
	struct slice line;
	bool fields = false;

	while (slice_cut(&head, '\n', &line)) {
		struct iis_row r = { .time = CLOCK_NONE };
		struct locale_stamp stamp;
		size_t date = 0, time = 0;

		fields = fields || names_columns(line);
		if (line.n == 0 || line.p[0] == '#')
			continue;
		cut(line, ',', microsoft, sizeof microsoft, &r);
		if (r.field[IIS_STEM].p &&
		    locale_date(r.field[IIS_DATE], &date, &stamp) &&
		    locale_clock(r.field[IIS_TIME], &time, &stamp)) {
			locale_vote(&votes, &stamp);
			traits->times_are_utc = false;
		}
	}
	/* Where no date tells, this form has the month first. */
	is->order = (uint8_t)(votes.first_over || votes.second_over ||
	    votes.first_long || votes.dots ? locale_order_of(&votes) :
	    LOCALE_MDY);
	return fields;
}

void
iis_rewind(struct format_state *st)
{
	struct iis_state *is = (void *)st->bytes;
	uint8_t order = is->order;

	*is = (struct iis_state){ .order = order };
}

bool
iis_state_is_sound(const struct format_state *st)
{
	const struct iis_state *is = (const void *)st->bytes;

	for (unsigned i = 0; i < COLUMNS_MAX; i++)
		if (is->column[i] > IIS_OTHER)
			return false;
	return is->columns <= COLUMNS_MAX && is->order <= LOCALE_YMD;
}
