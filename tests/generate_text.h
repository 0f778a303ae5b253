/*
 * What the generator of logs writes with: random numbers that a seed settles,
 * text that grows, numbers and dates as text.  Like all of the generator it
 * uses nothing of the program, so that its truth is its own.
 */
#ifndef GENERATE_TEXT_H
#define GENERATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

uint64_t dice_next(struct dice *d);
/* 0 .. n - 1; 0 when n is 0. */
uint32_t dice_below(struct dice *d, uint32_t n);
/* True `times` out of 1000. */
bool dice_hits(struct dice *d, uint32_t times);

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A part of a struct text, by offset: the text may move while it grows. */
struct piece {
	uint32_t at, n;
};

struct text {
	char *p;
	size_t n, cap;
};

void text_room(struct text *t, size_t more);
void text_bytes(struct text *t, const char *p, size_t n);
void text_word(struct text *t, const char *s);
void text_char(struct text *t, char c);
void text_number(struct text *t, uint64_t value);
/* At least `width` digits, zeros in front. */
void text_digits(struct text *t, uint64_t value, int width);
void text_hex(struct text *t, uint64_t value, int width);
void text_small_hex(struct text *t, uint64_t value, int width);
/* A UUID, one for each value. */
void text_uuid(struct text *t, uint64_t value);
/* A JSON string; a byte that is no UTF-8 is taken as ISO 8859-1. */
void text_json(struct text *t, const char *p, size_t n);
void text_free(struct text *t);

struct date {
	int year, month, day, hour, minute, second, ms;
};

/* `ms` since 1970-01-01. */
void date_of(int64_t ms, struct date *d);
int64_t date_to_ms(int year, int month, int day, int hour);
/* 2026-11-23, with `mark` between the numbers */
void text_day(struct text *t, const struct date *d, char mark);
/* 00:00:00 */
void text_clock(struct text *t, const struct date *d);
/* 2026-11-23T00:00:00.020 */
void text_iso(struct text *t, int64_t ms, bool fraction);

/* Nov 23 08:00:00 */
void text_stamp(struct text *t, int64_t ms);

/* Ends the program with a word. */
_Noreturn void give_up(const char *what);

#endif
