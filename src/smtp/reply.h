/*
 * Replies: code, separator, enhanced status code, text.
 * RFC 5321 section 4.2, RFC 2034, RFC 3463.
 */
#ifndef EHLOG_SMTP_REPLY_H
#define EHLOG_SMTP_REPLY_H

#include "base/mem.h"
#include "base/slice.h"

/*
 * An enhanced status code packed in 32 bits, so that numbers order as codes
 * do: class << 20 | subject << 10 | detail.  0 is none.
 */
#define ENHANCED(c, s, d) ((uint32_t)(c) << 20 | (uint32_t)(s) << 10 | (uint32_t)(d))
#define ENHANCED_CLASS(e)   ((unsigned)((e) >> 20))
#define ENHANCED_SUBJECT(e) ((unsigned)((e) >> 10 & 1023))
#define ENHANCED_DETAIL(e)  ((unsigned)((e) & 1023))

struct reply {
	uint16_t code;               /* 200..599 */
	bool more;                   /* NNN-: a line of the reply follows */
	uint32_t enhanced;           /* packed, or 0 */
	struct slice text;           /* after the codes */
};

/*
 * The code at the head of a line and whether a line follows; 0 where it is no
 * reply.
 */
static inline uint16_t
reply_head(struct slice line, bool *more)
{
	const unsigned char *p = (const unsigned char *)line.p;

	if (line.n < 3 || p[0] < '2' || p[0] > '5' || !ascii_is_digit(p[1]) ||
	    !ascii_is_digit(p[2]))
		return 0;
	*more = line.n > 3 && p[3] == '-';
	if (line.n > 3 && p[3] != ' ' && !*more)
		return 0;
	return (uint16_t)((p[0] - '0') * 100 + (p[1] - '0') * 10 + p[2] - '0');
}

/*
 * One line of a reply: `^[2-5][0-9][0-9]([ -]|$)`.  False when it is none.
 * The second digit is not held to 0..5: servers write what they like.
 */
bool reply_parse(struct slice line, struct reply *r);

/* "5.1.1" at the head of text; *rest is what follows, without blanks. */
bool enhanced_parse(struct slice text, uint32_t *enhanced, struct slice *rest);
void enhanced_format(struct buf *out, uint32_t enhanced);

/*
 * Where a log tells only the class of a reply, by its words, its code is that
 * class: 4 or 5.
 */
static inline unsigned
reply_class(unsigned code)
{
	return code < 10 ? code : code / 100;
}

static inline bool
reply_code_known(unsigned code)
{
	return code >= 10;
}

/* "550", or "5xx". */
#define REPLY_CODE_SIZE 4
void reply_code_text(unsigned code, char text[REPLY_CODE_SIZE]);

#endif
