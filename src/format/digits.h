/*
 * Digits of stamps, as fast as may be.
 */
#ifndef EHLOG_FORMAT_DIGITS_H
#define EHLOG_FORMAT_DIGITS_H

/* More than 9 when it is none. */
static inline unsigned
digit_value(char c)
{
	return (unsigned)(unsigned char)c - '0';
}

/* Two digits; 100 or more when they are none. */
static inline unsigned
digit_pair(const char *p)
{
	unsigned a = digit_value(p[0]), b = digit_value(p[1]);

	return a > 9 || b > 9 ? 100 : a * 10 + b;
}

#endif
