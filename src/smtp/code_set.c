/*
 * Sets of codes of failures.  See code_set.h.
 *
 * Of class 5 where only the class is known needs no bit: it is the worst there
 * is in its session, unless a code that is known took its place, and whoever
 * wants all of class 5 is content with that.
 */
#include "config.h"

#include "smtp/code_set.h"

#include <stdbool.h>
#include <stddef.h>

#define BIT(i) ((uint16_t)(1u << (i)))

/* The first row that holds a code is its own. */
static const struct {
	uint16_t from, to, bit;
} rows[] = {
	{ 421, 421, BIT(0) },    /* going away */
	{ 450, 450, BIT(1) },    /* mailbox busy, greylisted */
	{ 451, 451, BIT(2) },
	{ 452, 452, BIT(3) },    /* no room, too many recipients */
	{ 400, 499, BIT(4) },
	{ 4, 4, BIT(5) },        /* no more is known */
	{ 500, 509, BIT(6) },    /* words that are not understood */
	{ 530, 539, BIT(7) },    /* authentication */
	{ 550, 550, BIT(8) },
	{ 552, 552, BIT(9) },
	{ 554, 554, BIT(10) },
	{ 551, 553, BIT(11) },
	{ 555, 559, BIT(12) },
	{ 500, 599, BIT(13) },
};

uint16_t
code_set_of(unsigned code)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (code >= rows[i].from && code <= rows[i].to)
			return rows[i].bit;
	return 0;
}

struct code_sought
code_set_seek(int64_t lo, int64_t hi)
{
	struct code_sought s = { .sure = BIT(CODE_SET_BITS) - 1 };

	for (unsigned code = 400; code <= 599; code++) {
		if (code >= lo && code <= hi)
			s.maybe |= code_set_of(code);
		else
			s.sure &= (uint16_t)~code_set_of(code);
	}
	if (lo <= 400 && hi >= 499)
		s.maybe |= code_set_of(4);
	s.sure &= s.maybe;
	return s;
}
