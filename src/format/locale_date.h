/*
 * Dates as Windows writes them by the locale of the server: 4/2/01, 02.04.2001,
 * 2001-04-02, with a clock of 12 or 24 hours.  Which number is the month is
 * found out from many of them (struct locale_votes).
 */
#ifndef EHLOG_FORMAT_LOCALE_DATE_H
#define EHLOG_FORMAT_LOCALE_DATE_H

#include "base/clock.h"

enum locale_order { LOCALE_MDY, LOCALE_DMY, LOCALE_YMD };

struct locale_stamp {
	unsigned part[3];        /* of the date, in the order written */
	unsigned digits[3];      /* how many digits each had */
	char sep;
	unsigned hour, minute, second;
	bool half_day, pm;       /* a 12 hour clock */
	size_t length;           /* of all of it; the caller sets it */
};

struct locale_votes {
	unsigned first_over, second_over, first_long, dots, half_days, stamps;
};

/* The date, the clock at *at of s; *at is moved behind it.  False: it is none. */
bool locale_date(struct slice s, size_t *at, struct locale_stamp *st);
bool locale_clock(struct slice s, size_t *at, struct locale_stamp *st);

/* CLOCK_NONE when there is no such day. */
int64_t locale_time(const struct locale_stamp *st, enum locale_order order);

void locale_vote(struct locale_votes *v, const struct locale_stamp *st);
enum locale_order locale_order_of(const struct locale_votes *v);

#endif
