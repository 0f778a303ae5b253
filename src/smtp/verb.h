/*
 * SMTP verbs.  RFC 5321, its extensions, and those that Exchange adds.
 */
#ifndef EHLOG_SMTP_VERB_H
#define EHLOG_SMTP_VERB_H

#include "base/slice.h"

/* name, wire text */
#define SMTP_VERBS(V)                                                  \
	V(NONE, "")              /* no command: greeting, unsolicited */ \
	V(UNKNOWN, "?")          /* a line that is no verb we know */    \
	V(CONNECT, "CONNECT")    /* the connection, before any command */\
	V(HELO, "HELO")                                                \
	V(EHLO, "EHLO")                                                \
	V(LHLO, "LHLO")                                                \
	V(MAIL, "MAIL")                                                \
	V(SEND, "SEND")                                                \
	V(SOML, "SOML")                                                \
	V(SAML, "SAML")                                                \
	V(RCPT, "RCPT")                                                \
	V(DATA, "DATA")                                                \
	V(BDAT, "BDAT")                                                \
	V(RSET, "RSET")                                                \
	V(NOOP, "NOOP")                                                \
	V(QUIT, "QUIT")                                                \
	V(HELP, "HELP")                                                \
	V(VRFY, "VRFY")                                                \
	V(EXPN, "EXPN")                                                \
	V(TURN, "TURN")                                                \
	V(ATRN, "ATRN")                                                \
	V(ETRN, "ETRN")                                                \
	V(BURL, "BURL")                                                \
	V(AUTH, "AUTH")                                                \
	V(STARTTLS, "STARTTLS")                                        \
	V(XANONYMOUSTLS, "X-ANONYMOUSTLS")                             \
	V(XEXPS, "X-EXPS")                                             \
	V(XEXCH50, "XEXCH50")                                          \
	V(XPROXY, "XPROXY")                                            \
	V(XPROXYFROM, "XPROXYFROM")                                    \
	V(XPROXYTO, "XPROXYTO")                                        \
	V(XCLIENT, "XCLIENT")                                          \
	V(XFORWARD, "XFORWARD")                                        \
	V(XSHADOW, "XSHADOW")                                          \
	V(XSHADOWREQUEST, "XSHADOWREQUEST")                            \
	V(XSESSIONPARAMS, "XSESSIONPARAMS")                            \
	V(XQDISCARD, "XQDISCARD")

enum smtp_verb {
#define V(name, text) VERB_##name,
	SMTP_VERBS(V)
#undef V
	VERB_COUNT
};

/*
 * The verb a line begins with, in any case; VERB_UNKNOWN when it is none.
 * *args, when not NULL, becomes the rest without leading blanks.
 */
enum smtp_verb verb_parse(struct slice line, struct slice *args);

/* "RCPT"; for VERB_NONE the empty string.  Never NULL. */
const char *verb_name(enum smtp_verb v);
/* Whether TLS begins behind a 2xx to it. */
static inline bool
verb_starts_tls(unsigned verb)
{
	return verb == VERB_STARTTLS || verb == VERB_XANONYMOUSTLS;
}


/* By name as a person types it (any case); VERB_NONE when there is none. */
enum smtp_verb verb_by_name(struct slice name);

/*
 * The path after FROM: or TO:, without the angle brackets and without a
 * source route; "<>" gives an empty slice with p set.  A line without
 * brackets gives the first word.  *params: what follows the path.  False when
 * there is no path at all.
 */
bool verb_path(struct slice args, struct slice *path, struct slice *params);

/* SIZE=n of the parameters of MAIL, or n of BDAT n [LAST]. */
bool verb_size(struct slice params, uint64_t *size);
bool verb_bdat(struct slice args, uint64_t *size, bool *last);

#endif
