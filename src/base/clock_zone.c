/*
 * Zones: what a person may say for one, and the offset that it has at a time.
 *
 * The rules of named zones are the C library's, which knows one zone at a time:
 * it is asked once for all their changes, and after that not even a lock is
 * taken.  This file never reads the zone database beyond asking whether a name
 * is in it.
 */
#include "config.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

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

/* --- the rules of a zone ----------------------------------------------------- */

/* 1970 to 2070, in seconds. */
#define RULES_FIRST INT64_C(0)
#define RULES_LAST  INT64_C(3155760000)
/*
 * No zone changes and changes back within so much: the shortest time between in
 * the zone database is an hour less than a week (Recife in October 2000).
 */
#define RULES_STEP  (6 * DAY_S)

struct change {
	int64_t utc;             /* from here on, in ms: `offset` holds */
	int64_t wall;            /* and from here on of times on the wall */
	int offset;
};

struct zone_rules {
	int first;               /* offset before all changes */
	size_t n, cap;
	struct change *change;   /* ascending */
};

/* Seconds east of UTC at the instant t, by the C library. */
static int
library_offset(int64_t t)
{
	time_t when = (time_t)t;
	struct tm tm;
	struct civil c;

	if (!localtime_r(&when, &tm))
		return 0;
	c = (struct civil){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec, 0 };
	return (int)(clock_from_civil(&c) / 1000 - t);
}

/*
 * In the hour that comes twice the offset before the change holds; so it does
 * in the one that does not exist.
 */
static void
add_change(struct zone_rules *r, int64_t t, int before, int after)
{
	mem_reserve(&r->change, &r->cap, r->n + 1, sizeof *r->change);
	r->change[r->n++] = (struct change){ .utc = t * 1000, .offset = after,
		.wall = (t + (before > after ? before : after)) * 1000 };
}

/* The first instant in (lo, hi] whose offset is not that of lo. */
static int64_t
find_change(int64_t lo, int64_t hi, int before)
{
	while (hi - lo > 1) {
		int64_t mid = lo + (hi - lo) / 2;

		if (library_offset(mid) == before)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

static struct zone_rules *
take_rules(void)
{
	struct zone_rules *r = mem_alloc(sizeof *r);
	int64_t t = RULES_FIRST;
	int before;

	tzset();
	r->first = before = library_offset(t);
	while (t < RULES_LAST) {
		int64_t next = t + RULES_STEP;
		int after = library_offset(next);

		/* There may be another change behind the first. */
		if (after != before) {
			next = find_change(t, next, before);
			after = library_offset(next);
			add_change(r, next, before, after);
		}
		before = after;
		t = next;
	}
	return r;
}

/* What the process itself takes for its zone stays as it is. */
static int
take_named(struct zone *z, const char *name, struct err *err)
{
	const char *now = getenv("TZ");
	char *own = now ? mem_strdup(now) : NULL;
	int rc = setenv("TZ", name, 1);

	if (rc != 0)
		rc = err_set(err, "cannot set the zone to '%.60s'", name);
	else
		z->rules = take_rules();
	if (own)
		setenv("TZ", own, 1);
	else
		unsetenv("TZ");
	tzset();
	free(own);
	return rc;
}

int
zone_parse(struct zone *z, const char *text, struct err *err)
{
	struct slice s = slice_of(text);

	*z = (struct zone){ .kind = ZONE_FIXED, .name = text };
	if (is_utc_word(s) || clock_parse_offset(s, &z->offset) == 0)
		return 0;
	z->kind = ZONE_NONE;
	if (s.n && (*text == '+' || *text == '-'))
		return err_set(err, "'%.60s' is no offset: it is written "
		    "+HH, +HHMM or +HH:MM", text);
	if (slice_case_eq(s, SLICE("local")))
		z->rules = take_rules();
	else if (!is_zone_name(text) || !zone_exists(text))
		return err_set(err, "zone '%.60s' is not known: say Z, "
		    "+HH:MM, local, or a name of the zone database "
		    "such as Europe/Berlin", text);
	else if (take_named(z, text, err) < 0)
		return -1;
	z->kind = ZONE_NAMED;
	return 0;
}

void
zone_free(struct zone *z)
{
	if (z->rules)
		free(z->rules->change);
	free(z->rules);
	*z = (struct zone){ .kind = ZONE_NONE };
}

/* --- what it says ------------------------------------------------------------ */

/* How many of its changes lie at or before a time: an instant, or a wall time. */
static size_t
changes_by(const struct zone_rules *r, int64_t t, bool wall)
{
	size_t lo = 0, hi = r->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct change *c = &r->change[mid];

		if ((wall ? c->wall : c->utc) <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct zone_span
zone_span(const struct zone *z, int64_t wall)
{
	struct zone_span s = { .from = INT64_MIN, .to = INT64_MAX };
	const struct zone_rules *r = z->rules;
	size_t n;

	s.offset = z->kind == ZONE_FIXED ? z->offset : 0;
	if (z->kind != ZONE_NAMED)
		return s;
	n = changes_by(r, wall, true);
	s.offset = n ? r->change[n - 1].offset : r->first;
	if (n)
		s.from = r->change[n - 1].wall;
	if (n < r->n)
		s.to = r->change[n].wall;
	return s;
}

int
zone_offset(const struct zone *z, int64_t wall)
{
	return zone_span(z, wall).offset;
}

int
zone_offset_at(const struct zone *z, int64_t utc)
{
	size_t n;

	if (z->kind != ZONE_NAMED)
		return z->kind == ZONE_FIXED ? z->offset : 0;
	n = changes_by(z->rules, utc, false);
	return n ? z->rules->change[n - 1].offset : z->rules->first;
}

bool
zone_change(const struct zone *z, size_t i, int64_t *utc, int *offset)
{
	const struct zone_rules *r = z->rules;

	*utc = INT64_MIN;
	*offset = z->kind == ZONE_FIXED ? z->offset : 0;
	if (z->kind != ZONE_NAMED)
		return i == 0 && z->kind == ZONE_FIXED;
	if (i == 0)
		*offset = r->first;
	else if (i <= r->n) {
		*utc = r->change[i - 1].utc;
		*offset = r->change[i - 1].offset;
	}
	return i <= r->n;
}

bool
zone_is_same(const struct zone *a, const struct zone *b)
{
	if ((a->kind == ZONE_NONE) != (b->kind == ZONE_NONE))
		return false;
	for (size_t i = 0;; i++) {
		int64_t at, bt;
		int ao, bo;
		bool more = zone_change(a, i, &at, &ao);

		if (more != zone_change(b, i, &bt, &bo))
			return false;
		if (!more)
			return true;
		if (at != bt || ao != bo)
			return false;
	}
}
