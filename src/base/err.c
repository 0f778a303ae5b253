/*
 * Errors as sentences.
 */
#include "config.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

int
err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return -1;
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
	return -1;
}
