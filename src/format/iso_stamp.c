/*
 * The first sixteen bytes of an ISO stamp, by the calendar.
 */
#include "config.h"

#include "format/iso_stamp.h"

static bool
number(const char *p, unsigned n, int *v)
{
	*v = 0;
	for (unsigned i = 0; i < n; i++) {
		if (digit_value(p[i]) > 9)
			return false;
		*v = *v * 10 + (int)digit_value(p[i]);
	}
	return true;
}

bool
iso_minute_read(struct iso_minute *m, const char *p)
{
	struct civil c = { 0 };

	if (p[4] != '-' || p[7] != '-' || (p[10] != 'T' && p[10] != ' ') ||
	    p[13] != ':' || !number(p, 4, &c.year) ||
	    !number(p + 5, 2, &c.month) || !number(p + 8, 2, &c.day) ||
	    !number(p + 11, 2, &c.hour) || !number(p + 14, 2, &c.minute) ||
	    !civil_is_valid(&c))
		return false;
	memcpy(m->text, p, sizeof m->text);
	m->time = clock_from_civil(&c);
	return true;
}
