/*
 * Taking the prefix off lines of Exim's debugging output.
 *
 *   10:00:00.123  4242 text
 *    4242 text
 *
 * The clock tells no day: a greeting did, and midnight shows.
 */
#include "config.h"

#include "format/exim_debug_line.h"

#include "format/digits.h"

static void
take_clock(struct debug_state *ds, struct debug_line *l, unsigned hour,
    int64_t ms)
{
	if (hour + 12 < ds->hour) {
		ds->day += ds->day != 0;
		ds->hour = (uint8_t)hour;
		l->state = true;
	} else if (hour > ds->hour && hour < ds->hour + 12u) {
		ds->hour = (uint8_t)hour;
		l->state = true;
	}
	if (ds->day)
		l->time = (ds->day - (hour > ds->hour)) * DAY_MS + ms;
}

/* "HH:MM:SS[.mmm] " */
static void
cut_clock(struct debug_state *ds, struct slice *s, struct debug_line *l)
{
	unsigned hour, minute, second;
	size_t n = 8;
	int64_t ms;

	if (s->n < 9 || s->p[2] != ':' || s->p[5] != ':')
		return;
	hour = digit_pair(s->p);
	minute = digit_pair(s->p + 3);
	second = digit_pair(s->p + 6);
	if (hour > 23 || minute > 59 || second > 60)
		return;
	ms = ((int64_t)hour * 3600 + minute * 60 + second) * 1000;
	if (s->n > 12 && s->p[8] == '.' && digit_pair(s->p + 9) < 100 &&
	    digit_value(s->p[11]) <= 9) {
		ms += digit_pair(s->p + 9) * 10 + digit_value(s->p[11]);
		n = 12;
	}
	if (s->p[n] != ' ')
		return;
	l->clocked = true;
	l->hour = (uint8_t)hour;
	take_clock(ds, l, hour, ms);
	*s = slice_from(*s, n + 1);
}

/* A process and the blanks before it are in so much, or it is none. */
#define LOOK_MAX 18

/* "%5d ": never narrower, so that a reply's code is none. */
static void
cut_process(struct slice *s, struct debug_line *l)
{
	const char *p = s->p;
	size_t max = s->n < LOOK_MAX ? s->n : LOOK_MAX, blanks = 0, n;

	while (blanks < max && blanks < 5 && p[blanks] == ' ')
		blanks++;
	for (n = blanks; n < max && digit_value(p[n]) <= 9; n++)
		;
	if (n == blanks || n < 5 || (blanks && n > 5) || n > 12 ||
	    n >= s->n || p[n] != ' ')
		return;
	l->pid = (struct slice){ p + blanks, n - blanks };
	*s = slice_from(*s, n + 1);
}

void
debug_cut_line(struct debug_state *ds, struct slice line, struct debug_line *l)
{
	size_t indent = 0;

	*l = (struct debug_line){ .time = CLOCK_NONE };
	cut_clock(ds, &line, l);
	cut_process(&line, l);
	while (indent < line.n && line.p[indent] == ' ')
		indent++;
	l->indent = indent;
	l->text = slice_from(line, indent);
}
