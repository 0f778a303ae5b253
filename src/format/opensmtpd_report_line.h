/*
 * The lines that smtpd(8) writes to its filters, taken apart; smtpd-filters(7)
 * has the grammar.
 *
 *   report|VERSION|SECONDS.MICROSECONDS|smtp-in|EVENT|ID|PARAMETERS
 *   filter|VERSION|SECONDS.MICROSECONDS|smtp-in|PHASE|ID|TOKEN|PARAMETERS
 *
 * Only the last of the parameters may hold a `|` of its own.
 */
#ifndef EHLOG_FORMAT_OPENSMTPD_REPORT_LINE_H
#define EHLOG_FORMAT_OPENSMTPD_REPORT_LINE_H

#include <stdint.h>

#include "base/slice.h"

struct osmtpd_report {
	bool asks;               /* filter|: the server waits for an answer */
	bool out;                /* smtp-out: the server is the client */
	unsigned minor;          /* of the version, 0.minor */
	int64_t time;            /* ms, UTC */
	struct slice event;      /* or phase */
	struct slice id;         /* 16 digits */
	uint64_t key;            /* the same as a number, never 0 */
	struct slice rest;       /* the parameters */
};

/* False when the line is none of these. */
bool osmtpd_report_cut(struct slice line, struct osmtpd_report *r);

/* `config|KEY|VALUE`, which comes before them. */
bool osmtpd_report_is_config(struct slice line);

/* The parameters of link-connect: false when there are fewer. */
bool osmtpd_report_ends(const struct osmtpd_report *r, struct slice *from,
    struct slice *to);

/*
 * A result and what it is about, which older versions write the other way
 * round: since 0.6 those of addresses, since 0.7 that of AUTH.
 */
bool osmtpd_report_result(const struct osmtpd_report *r, unsigned since,
    struct slice params, struct slice *result, struct slice *about);

#endif
