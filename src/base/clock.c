/*
 * Times: from the fields of a calendar to milliseconds and back, and out as
 * text for reports.  What a person typed is read in clock_parse.c, zones are
 * in clock_zone.c.
 *
 * Called for every line of a log and every row of a list: no libc calendar
 * here, and no printf on the common paths.
 */
#include "config.h"

#include "base/clock.h"

#include <time.h>

#define SECOND_MS 1000
#define MINUTE_MS (60 * INT64_C(1000))
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/*
 * Days are counted from 0000-03-01: a year that starts in March ends in its
 * leap day, so the months before any day have the same lengths in all years.
 */
#define EPOCH_DAY     719468  /* 1970-01-01 */
#define DAYS_400Y     146097
#define DAYS_100Y      36524
#define DAYS_4Y         1461

static int64_t
floor_div(int64_t a, int64_t b)
{
	int64_t q = a / b;

	return a % b < 0 ? q - 1 : q;
}

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool
civil_is_valid(const struct civil *c)
{
	static const unsigned char days[] =
	    { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (c->year < 1 || c->year > 9999 || c->month < 1 || c->month > 12)
		return false;
	if (c->day < 1 ||
	    c->day > days[c->month - 1] + (c->month == 2 && is_leap(c->year)))
		return false;
	/* Second 60 is a leap second: servers do write it. */
	return c->hour >= 0 && c->hour <= 23 &&
	    c->minute >= 0 && c->minute <= 59 &&
	    c->second >= 0 && c->second <= 60 && c->ms >= 0 && c->ms <= 999;
}

int64_t
clock_from_civil(const struct civil *c)
{
	int64_t year = (int64_t)c->year - (c->month <= 2);
	int64_t month = c->month <= 2 ? c->month + 9 : c->month - 3;
	int64_t day = 365 * year + floor_div(year, 4) - floor_div(year, 100) +
	    floor_div(year, 400) + (153 * month + 2) / 5 + c->day - 1 - EPOCH_DAY;
	int64_t rest = (int64_t)c->hour * HOUR_MS + c->minute * MINUTE_MS +
	    (int64_t)c->second * SECOND_MS + c->ms;

	/* Unsigned: fields that were never checked must not overflow. */
	return (int64_t)((uint64_t)day * (uint64_t)DAY_MS + (uint64_t)rest);
}

static void
date_from_days(int64_t days, struct civil *c)
{
	int64_t cycle = floor_div(days + EPOCH_DAY, DAYS_400Y);
	int rest = (int)(days + EPOCH_DAY - cycle * DAYS_400Y);
	/* The last century and the last year are a day longer than the others. */
	int century = rest / DAYS_100Y > 3 ? 3 : rest / DAYS_100Y;
	int four, year, month;

	rest -= century * DAYS_100Y;
	four = rest / DAYS_4Y;
	rest -= four * DAYS_4Y;
	year = rest / 365 > 3 ? 3 : rest / 365;
	rest -= year * 365;
	month = (5 * rest + 2) / 153;
	c->day = rest - (153 * month + 2) / 5 + 1;
	c->month = month < 10 ? month + 3 : month - 9;
	c->year = (int)(cycle * 400) + century * 100 + four * 4 + year +
	    (c->month <= 2);
}

void
clock_to_civil(int64_t ms, struct civil *c)
{
	int64_t days = floor_div(ms, DAY_MS);
	int rest = (int)(ms % DAY_MS);

	if (rest < 0)
		rest += (int)DAY_MS;
	date_from_days(days, c);
	c->hour = rest / (int)HOUR_MS;
	c->minute = rest / (int)MINUTE_MS % 60;
	c->second = rest / SECOND_MS % 60;
	c->ms = rest % 1000;
}

int64_t
clock_now_ms(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		return 0;
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Writes `width` digits of v and the character that follows. */
static char *
put_digits(char *p, int v, int width, char after)
{
	for (int i = width; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	p[width] = after;
	return p + width + 1;
}

static void
add_offset(struct buf *out, int seconds)
{
	char text[8], *p = text;
	int minutes = (seconds < 0 ? -seconds : seconds) / 60;

	*p++ = seconds < 0 ? '-' : '+';
	p = put_digits(p, minutes / 60 % 100, 2, ':');
	p = put_digits(p, minutes % 60, 2, '\0');
	buf_add(out, (struct slice){ text, (size_t)(p - text) - 1 });
}

static void
add_date(struct buf *out, const struct civil *c)
{
	char text[16], *p = text;

	if (c->year < 0 || c->year > 9999) {
		buf_addf(out, "%d-%02d-%02d", c->year, c->month, c->day);
		return;
	}
	p = put_digits(p, c->year, 4, '-');
	p = put_digits(p, c->month, 2, '-');
	p = put_digits(p, c->day, 2, '\0');
	buf_add(out, (struct slice){ text, (size_t)(p - text) - 1 });
}

void
clock_iso(struct buf *out, int64_t t, bool utc, bool ms,
    const struct zone *z)
{
	char text[24], *p = text;
	bool zoned = z && z->kind != ZONE_NONE;
	int offset = 0;
	struct civil c;

	if (t == CLOCK_NONE)
		return;
	if (zoned)
		offset = zone_offset_at(z, t);
	clock_to_civil(t + offset * SECOND_MS, &c);
	add_date(out, &c);
	*p++ = 'T';
	p = put_digits(p, c.hour, 2, ':');
	p = put_digits(p, c.minute, 2, ':');
	p = put_digits(p, c.second, 2, '.');
	if (ms)
		p = put_digits(p, c.ms, 3, '\0');
	buf_add(out, (struct slice){ text, (size_t)(p - text) - 1 });
	if (zoned && (z->kind == ZONE_NAMED || offset))
		add_offset(out, offset);
	else if (utc || zoned)
		buf_add_char(out, 'Z');
}

/*
 * A time that runs backwards: a sign and one unit, to stay in six columns.
 */
static void
add_negative(struct buf *out, int64_t ms)
{
	if (ms > -SECOND_MS)
		buf_addf(out, "-%dms", (int)-ms);
	else if (ms > -MINUTE_MS)
		buf_addf(out, "-%ds", (int)(-ms / SECOND_MS));
	else if (ms > -HOUR_MS)
		buf_addf(out, "-%dm", (int)(-ms / MINUTE_MS));
	else if (ms > -DAY_MS)
		buf_addf(out, "-%dh", (int)(-ms / HOUR_MS));
	else if (ms > -10000 * DAY_MS)
		buf_addf(out, "-%dd", (int)(-ms / DAY_MS));
	else
		buf_add(out, SLICE("<-999d"));
}

static void
add_days(struct buf *out, int64_t ms)
{
	int64_t days = ms / DAY_MS;

	if (days < 100)
		buf_addf(out, "%dd%02dh", (int)days, (int)(ms / HOUR_MS % 24));
	else if (days < 100000)
		buf_addf(out, "%dd", (int)days);
	else
		buf_add(out, SLICE(">9999d"));
}

/* Cut, not rounded: 59.9 seconds are not yet a minute. */
void
clock_duration(struct buf *out, int64_t ms)
{
	int s = (int)(ms / SECOND_MS % 60);

	if (ms == CLOCK_NONE)
		return;
	if (ms < 0)
		add_negative(out, ms);
	else if (ms < SECOND_MS)
		buf_addf(out, "%dms", (int)ms);
	else if (ms < 10 * SECOND_MS)
		buf_addf(out, "%d.%ds", s, (int)(ms / 100 % 10));
	else if (ms < MINUTE_MS)
		buf_addf(out, "%ds", s);
	else if (ms < HOUR_MS)
		buf_addf(out, "%dm%02ds", (int)(ms / MINUTE_MS), s);
	else if (ms < DAY_MS)
		buf_addf(out, "%dh%02dm", (int)(ms / HOUR_MS),
		    (int)(ms / MINUTE_MS % 60));
	else
		add_days(out, ms);
}
