/*
 * The filter language over any text: it parses, or says what is wrong and
 * where, within the expression.
 */
#include "config.h"

#include "fuzz.h"

#include <stdlib.h>

#include "query/filter.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct zone zone = { .kind = ZONE_NONE };
	struct filter_error fe = { .length = 0 };
	struct buf shown = { 0 };
	char *expr = malloc(n + 1);
	struct filter *f;

	MUST(expr);
	for (size_t i = 0; i < n; i++)
		expr[i] = (char)data[i];
	expr[n] = '\0';
	f = filter_parse(expr, &zone, &fe);
	if (!f) {
		MUST(fe.text[0] != '\0');
		MUST(memchr(fe.text, '\0', sizeof fe.text));
		MUST(fe.length >= 1);
		MUST(fe.at <= strlen(expr));
		filter_error_show(&shown, expr, &fe);
		MUST(shown.n > 0);
		buf_free(&shown);
	} else {
		filter_is_indexed(f);
	}
	filter_free(f);
	free(expr);
	return 0;
}
