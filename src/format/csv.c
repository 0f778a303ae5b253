/*
 * Fields in quotes, which are few.
 */
#include "config.h"

#include "format/csv.h"

const char *
csv_cut_quoted(const char *p, const char *end, struct slice *f, bool *doubled)
{
	const char *q = p;

	for (;; q += 2) {
		q = q < end ? memchr(q, '"', (size_t)(end - q)) : NULL;
		if (!q) {
			q = end;             /* cut off inside the quotes */
			break;
		}
		if (q + 1 == end || q[1] != '"')
			break;
		*doubled = true;
	}
	*f = (struct slice){ p, (size_t)(q - p) };
	/* What stands between a closing quote and the comma is no CSV. */
	while (q < end && *q != ',')
		q++;
	return q;
}
