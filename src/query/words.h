/*
 * Classes of words in the text of a reply, for telling replies of one reason
 * together (normalise.c).
 */
#ifndef EHLOG_QUERY_WORDS_H
#define EHLOG_QUERY_WORDS_H

#include "base/mem.h"
#include "base/slice.h"

/* "<addr>", "<time>", "<ip>", "<host>", "<n>", "<id>"; NULL: a plain word. */
const char *word_class(struct slice w);
bool word_is_address(struct slice w);
/* Digits, with signs as numbers have them. */
bool word_is_number(struct slice w);
/*
 * [Wed, ]13 Mar 2024 10:01:17[ +0100] or Wed Mar 13 10:01:17 2024 at byte i of
 * s: the bytes it takes, 0 when none begins there.
 */
size_t word_date(struct slice s, size_t i);

/* Appends a plain word; the numbers in it become <n>. */
void word_put_plain(struct buf *out, struct slice w);

#endif
