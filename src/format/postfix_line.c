/*
 * Lines of Postfix: program, queue id, keys and what all messages share.
 */
#include "config.h"

#include "format/postfix_line.h"

/* --- the program ---------------------------------------------------------- */

struct daemon_name {
	struct slice name;
	enum postfix_daemon daemon;
};

static const struct daemon_name daemons[] = {
	{ SLICE("smtpd"), DAEMON_SMTPD },
	{ SLICE("smtp"), DAEMON_CLIENT },
	{ SLICE("lmtp"), DAEMON_CLIENT },
	{ SLICE("qmgr"), DAEMON_QUEUE },
	{ SLICE("cleanup"), DAEMON_CLEANUP },
	{ SLICE("local"), DAEMON_DELIVERY },
	{ SLICE("virtual"), DAEMON_DELIVERY },
	{ SLICE("pipe"), DAEMON_DELIVERY },
	{ SLICE("error"), DAEMON_DELIVERY },
	{ SLICE("discard"), DAEMON_DELIVERY },
	{ SLICE("retry"), DAEMON_DELIVERY },
	{ SLICE("pickup"), DAEMON_PICKUP },
	{ SLICE("bounce"), DAEMON_BOUNCE },
	{ SLICE("defer"), DAEMON_BOUNCE },
	{ SLICE("trace"), DAEMON_BOUNCE },
	{ SLICE("postscreen"), DAEMON_POSTSCREEN },
	{ SLICE("tlsproxy"), DAEMON_TLSPROXY },
	{ SLICE("postsuper"), DAEMON_QUEUE },
	{ SLICE("nqmgr"), DAEMON_QUEUE },
	{ SLICE("oqmgr"), DAEMON_QUEUE },
	{ SLICE("anvil"), DAEMON_OTHER },
	{ SLICE("scache"), DAEMON_OTHER },
	{ SLICE("dnsblog"), DAEMON_OTHER },
	{ SLICE("master"), DAEMON_OTHER },
	{ SLICE("trivial-rewrite"), DAEMON_OTHER },
	{ SLICE("verify"), DAEMON_OTHER },
	{ SLICE("proxymap"), DAEMON_OTHER },
	{ SLICE("tlsmgr"), DAEMON_OTHER },
	{ SLICE("flush"), DAEMON_OTHER },
	{ SLICE("showq"), DAEMON_OTHER },
	{ SLICE("spawn"), DAEMON_OTHER },
	{ SLICE("qmqpd"), DAEMON_OTHER },
	{ SLICE("postlogd"), DAEMON_OTHER },
	{ SLICE("postfix-script"), DAEMON_OTHER },
	{ SLICE("sendmail"), DAEMON_OTHER },
	{ SLICE("postdrop"), DAEMON_OTHER },
	{ SLICE("postqueue"), DAEMON_OTHER },
	{ SLICE("postmap"), DAEMON_OTHER },
	{ SLICE("postalias"), DAEMON_OTHER },
	{ SLICE("postlog"), DAEMON_OTHER },
	{ SLICE("postconf"), DAEMON_OTHER },
	{ SLICE("sendmail.postfix"), DAEMON_OTHER },
};

enum postfix_daemon
postfix_daemon_of(struct slice program)
{
	const char *p = program.p + program.n;
	struct slice last;

	if (program.n < 6)
		return DAEMON_NONE;
	while (p > program.p && p[-1] != '/')
		p--;
	last = (struct slice){ p, (size_t)(program.p + program.n - p) };
	if (last.n == program.n)
		return DAEMON_NONE;
	/* The first of them is by far the commonest. */
	if (slice_eq(last, SLICE("smtpd")))
		return DAEMON_SMTPD;
	for (size_t i = 1; i < sizeof daemons / sizeof *daemons; i++)
		if (last.n == daemons[i].name.n &&
		    slice_starts(last, daemons[i].name))
			return daemons[i].daemon;
	/* Another's that is called so, or one of its tools. */
	return slice_starts(program, SLICE("postfix")) ? DAEMON_OTHER :
	    DAEMON_NONE;
}

/* Without the instance: "submission/smtpd[123]: ...". */
static struct slice
without_instance(const struct syslog_line *sl)
{
	size_t n = 0;

	while (n < sl->program.n && sl->program.p[n] != '/')
		n++;
	return slice_from(sl->body, n + 1);
}

/* --- queue ids ------------------------------------------------------------ */

#define SHORT_ID 1       /* 0-9 A-F */
#define LONG_ID  2       /* digits and letters, but no vowels */

#define BOTH (SHORT_ID | LONG_ID)
static const unsigned char id_class[256] = {
	['0'] = BOTH, BOTH, BOTH, BOTH, BOTH, BOTH, BOTH, BOTH, BOTH, BOTH,
	['A'] = SHORT_ID, BOTH, BOTH, BOTH, SHORT_ID, BOTH,
	['G'] = LONG_ID, LONG_ID, 0, LONG_ID, LONG_ID, LONG_ID, LONG_ID,
	['N'] = LONG_ID, 0, LONG_ID, LONG_ID, LONG_ID, LONG_ID, LONG_ID,
	['U'] = 0, LONG_ID, LONG_ID, LONG_ID, LONG_ID, LONG_ID,
	['b'] = LONG_ID, LONG_ID, LONG_ID, 0, LONG_ID, LONG_ID, LONG_ID, 0,
	['j'] = LONG_ID, LONG_ID, LONG_ID, LONG_ID, LONG_ID, 0,
	['p'] = LONG_ID, LONG_ID, LONG_ID, LONG_ID, LONG_ID, 0,
	['v'] = LONG_ID, LONG_ID, LONG_ID, LONG_ID, LONG_ID,
};

#define ID_MIN      6
#define LONG_ID_MIN 10
#define ID_MAX      32

/* The length of a queue id at the head of s, 0: none. */
static size_t
id_length(struct slice s)
{
	unsigned may = SHORT_ID | LONG_ID, class;
	size_t n = 0;

	for (; n < s.n && n <= ID_MAX; n++, may &= class)
		if (!(class = id_class[(unsigned char)s.p[n]] & may))
			break;
	if (n > ID_MAX)
		return 0;
	return (may & SHORT_ID && n >= ID_MIN) || n >= LONG_ID_MIN ? n : 0;
}

bool
postfix_is_queue_id(struct slice s)
{
	return s.n && id_length(s) == s.n;
}

static void
cut_queue(struct postfix_line *pl)
{
	struct slice text = pl->sl.text;
	size_t n;

	pl->queue = SLICE_NONE;
	pl->words = text;
	if (text.n > 9 && text.p[0] == 'N' &&
	    memcmp(text.p, "NOQUEUE: ", 9) == 0) {
		pl->words = slice_from(text, 9);
		return;
	}
	if (text.n > 9 && text.p[0] == 'w' &&
	    memcmp(text.p, "warning: ", 9) == 0)
		text = slice_from(text, 9);
	n = id_length(text);
	if (!n || n + 2 > text.n || text.p[n] != ':' || text.p[n + 1] != ' ')
		return;
	pl->queue = slice_head(text, n);
	pl->words = slice_from(text, n + 2);
}

bool
postfix_cut(struct syslog_state *ss, struct slice line,
    struct postfix_line *pl)
{
	if (!syslog_cut(ss, line, &pl->sl))
		return false;
	pl->daemon = postfix_daemon_of(pl->sl.program);
	if (pl->daemon == DAEMON_NONE)
		return false;
	pl->shown = without_instance(&pl->sl);
	cut_queue(pl);
	return true;
}

/* --- keys ----------------------------------------------------------------- */

#define KEY_FACTOR UINT64_C(0x9e3779b97f4a7c15)

/* Eight bytes at a time: this is done for every line. */
static inline uint64_t
mix(uint64_t h, struct slice s)
{
	uint64_t v;

	for (; s.n >= 8; s = slice_from(s, 8)) {
		memcpy(&v, s.p, 8);
		h = (h ^ v) * KEY_FACTOR;
		h ^= h >> 29;
	}
	v = s.n;
	for (size_t i = 0; i < s.n; i++)
		v = v << 8 | (unsigned char)s.p[i];
	h = (h ^ v) * KEY_FACTOR;
	return h ^ h >> 32;
}

static inline uint64_t
key(uint64_t h)
{
	return h ? h : 1;        /* 0 is no key */
}

uint64_t
postfix_key(const struct postfix_line *pl, struct slice s)
{
	return key(mix(mix(0, pl->sl.host), s));
}

uint64_t
postfix_process_key(const struct postfix_line *pl)
{
	const char *end = pl->sl.pid.p ? pl->sl.pid.p + pl->sl.pid.n :
	    pl->sl.program.p + pl->sl.program.n;

	/* "postfix/smtpd[123": no queue id looks like it. */
	return key(mix(mix(0, pl->sl.host), (struct slice){ pl->sl.program.p,
	    (size_t)(end - pl->sl.program.p) }));
}

/* --- clients and stages --------------------------------------------------- */

size_t
postfix_client(struct slice s, struct slice *peer)
{
	const char *open = s.n ? memchr(s.p, '[', s.n) : NULL, *close, *end;

	if (!open)
		return 0;
	end = s.p + s.n;
	close = memchr(open, ']', (size_t)(end - open));
	if (!close)
		return 0;
	close++;
	if (close + 1 < end && *close == ':' &&
	    ascii_is_digit((unsigned char)close[1]))
		for (close++; close < end &&
		    ascii_is_digit((unsigned char)*close); close++)
			;
	*peer = (struct slice){ open, (size_t)(close - open) };
	/* It had gone before anybody asked who it was. */
	if (slice_eq(*peer, SLICE("[unknown]")))
		*peer = SLICE_NONE;
	return (size_t)(close - s.p);
}

bool
postfix_from_client(struct slice s, struct slice *before, struct slice *peer,
    struct slice *rest)
{
	ptrdiff_t at = slice_find(s, SLICE(" from "));
	size_t n;

	if (at < 0)
		return false;
	*before = slice_head(s, (size_t)at);
	*rest = slice_from(s, (size_t)at + 6);
	n = postfix_client(*rest, peer);
	*rest = slice_from(*rest, n);
	return n > 0;
}

enum smtp_verb
postfix_stage(struct slice s, bool *text)
{
	enum smtp_verb v;

	*text = slice_starts(s, SLICE("END-OF-MESSAGE"));
	if (*text)
		return VERB_DATA;
	if (slice_starts(s, SLICE("CONNECT")))
		return VERB_CONNECT;
	v = verb_parse(s, NULL);
	return v;
}

void
postfix_codes(struct slice s, unsigned *code, uint32_t *enhanced,
    struct slice *rest)
{
	struct reply r;

	*code = 0;
	*enhanced = 0;
	*rest = s;
	if (reply_parse(s, &r)) {
		*code = r.code;
		*enhanced = r.enhanced;
		*rest = r.text;
	} else if (enhanced_parse(s, enhanced, rest)) {
		*code = ENHANCED_CLASS(*enhanced);
		if (*code != 4 && *code != 5)
			*code = 0;
	}
}
