/*
 * Fields in quotes, which are few.
 */
#include "config.h"

#include "format/csv.h"

struct csv_field
csv_cut_quoted(const char *p, const char *end, bool *doubled)
{
	struct csv_field f;
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
	f.text = (struct slice){ p, (size_t)(q - p) };
	/* What stands between a closing quote and the comma is no CSV. */
	while (q < end && *q != ',')
		q++;
	f.comma = q;
	return f;
}
