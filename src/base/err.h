/*
 * An error in words for a person.  A function that can fail returns -1 (or an
 * enum) and fills one; it ends in no full stop and no newline, and names the
 * file or the option it is about.
 */
#ifndef EHLOG_BASE_ERR_H
#define EHLOG_BASE_ERR_H

struct err {
	char text[512];
};

/* Returns -1, so that `return err_set(...)` reads as what it is. */
int err_set(struct err *e, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
