/*
 * Postfix: syslog lines, and the dialogue that `smtpd -v` writes among them.
 */
#ifndef EHLOG_FORMAT_POSTFIX_H
#define EHLOG_FORMAT_POSTFIX_H

#include "format/format.h"

extern const struct format format_postfix, format_postfix_verbose;

/* postfix_detail.c */
void postfix_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d);

#endif
