/*
 * Zones: what --tz may say, and the offset that a zone has at a wall time.
 *
 * The rules of named zones are the C library's; this file never reads the zone
 * database beyond asking whether a name is in it.
 */
#include "config.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAY_S 86400

int
clock_parse_offset(struct slice s, int *seconds)
{
	unsigned digit[4] = { 0 };
	size_t n = 0;
	int minutes;

	if (s.n < 3 || (s.p[0] != '+' && s.p[0] != '-'))
		return -1;
	for (size_t i = 1; i < s.n; i++) {
		if (i == 3 && s.p[i] == ':' && s.n == 6)
			continue;
		if (n == 4 || !ascii_is_digit((unsigned char)s.p[i]))
			return -1;
		digit[n++] = (unsigned)(s.p[i] - '0');
	}
	if (n != 2 && n != 4)
		return -1;
	minutes = (int)(digit[0] * 10 + digit[1]) * 60;
	if (minutes >= 24 * 60 || digit[2] > 5)
		return -1;
	minutes += (int)(digit[2] * 10 + digit[3]);
	*seconds = (s.p[0] == '-' ? -minutes : minutes) * 60;
	return 0;
}

static bool
starts_zone_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	char magic[4];
	bool yes;

	if (!f)
		return false;
	yes = fread(magic, 1, sizeof magic, f) == sizeof magic &&
	    memcmp(magic, "TZif", sizeof magic) == 0;
	fclose(f);
	return yes;
}

/*
 * The C library takes a name it does not know for UTC without a word, so the
 * name is looked up first, in the places where systems keep the database.
 */
static bool
zone_exists(const char *name)
{
	const char *place[] = { getenv("TZDIR"), "/usr/share/zoneinfo",
		"/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo",
		"/etc/zoneinfo" };

	for (size_t i = 0; i < sizeof place / sizeof place[0]; i++) {
		char path[1024];
		int n;

		if (!place[i])
			continue;
		n = snprintf(path, sizeof path, "%s/%s", place[i], name);
		if (n > 0 && (size_t)n < sizeof path && starts_zone_file(path))
			return true;
	}
	return false;
}

/* Europe/Berlin, Etc/GMT+1: no path that leaves the database. */
static bool
is_zone_name(const char *name)
{
	if (!*name || *name == '/' || *name == '-' || strstr(name, ".."))
		return false;
	for (const char *p = name; *p; p++) {
		unsigned char c = ascii_lower((unsigned char)*p);

		if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c) &&
		    !strchr("/_+-.", c))
			return false;
	}
	return true;
}

static bool
is_utc_word(struct slice s)
{
	return slice_case_eq(s, SLICE("z")) || slice_case_eq(s, SLICE("utc")) ||
	    slice_case_eq(s, SLICE("gmt"));
}

int
zone_parse(struct zone *z, const char *text, struct err *err)
{
	struct slice s = slice_of(text);

	*z = (struct zone){ .kind = ZONE_FIXED };
	if (is_utc_word(s) || clock_parse_offset(s, &z->offset) == 0)
		return 0;
	z->kind = ZONE_NONE;
	if (s.n && (*text == '+' || *text == '-'))
		return err_set(err, "'%.60s' is no offset: it is written "
		    "+HH, +HHMM or +HH:MM", text);
	if (!slice_case_eq(s, SLICE("local"))) {
		if (!is_zone_name(text) || !zone_exists(text))
			return err_set(err, "zone '%.60s' is not known: say Z, "
			    "+HH:MM, local, or a name of the zone database "
			    "such as Europe/Berlin", text);
		if (setenv("TZ", text, 1) != 0)
			return err_set(err, "cannot set the zone to '%.60s'",
			    text);
	}
	tzset();
	z->kind = ZONE_NAMED;
	return 0;
}

/* Seconds east of UTC at the instant t. */
static int64_t
offset_at(int64_t t)
{
	time_t when = (time_t)t;
	struct tm tm;
	struct civil c;

	if (!localtime_r(&when, &tm))
		return 0;
	c = (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec, 0 };
	return clock_from_civil(&c) / 1000 - t;
}

/*
 * mktime() would do, but which of the two offsets it takes in the hour that
 * comes twice depends on what it was asked before.  Here it is the earlier
 * one, summer time; and in the hour that does not exist the one before it.
 */
int
zone_offset(const struct zone *z, int64_t wall)
{
	int64_t s = wall / 1000 - (wall % 1000 < 0);
	int64_t before, after;

	if (z->kind == ZONE_FIXED)
		return z->offset;
	if (z->kind == ZONE_NONE)
		return 0;
	/* Within a day of the wall time lies at most one change. */
	before = offset_at(s - DAY_S);
	after = offset_at(s + DAY_S);
	if (before != after && offset_at(s - before) != before &&
	    offset_at(s - after) == after)
		return (int)after;
	return (int)before;
}
