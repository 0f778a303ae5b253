/*
 * Figures for people.
 */
#include "config.h"

#include "ui/figure.h"

#include <stdio.h>

void
figure_count(struct buf *out, uint64_t n)
{
	char digits[24];
	int count = snprintf(digits, sizeof digits, "%llu",
	    (unsigned long long)n);

	for (int i = 0; i < count; i++) {
		if (i > 0 && (count - i) % 3 == 0)
			buf_add_char(out, ',');
		buf_add_char(out, digits[i]);
	}
}

void
figure_bytes(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "kB", "MB", "GB", "TB" };
	double n = (double)bytes;
	size_t unit = 0;

	while (n >= 999.5 && unit + 1 < sizeof units / sizeof units[0]) {
		n /= 1000;
		unit++;
	}
	buf_addf(out, unit && n < 9.95 ? "%.1f %s" : "%.0f %s", n, units[unit]);
}
