/*
 * Logs of the same servers that are no SMTP protocol logs.  Recognised by a
 * mark in their first lines.
 */
#include "config.h"

#include "format/others.h"

static const struct {
	struct slice mark;
	const char *kind;
} others[] = {
	{ { "#Log-type: Message Tracking Log", 31 },
	    "a message tracking log of Exchange" },
	{ { "#Log-type: Transport Connectivity Log", 37 },
	    "a connectivity log of Exchange" },
	{ { "#Log-type: Agent Log", 20 }, "an agent log of Exchange" },
	{ { "#Log-type: POP3", 15 }, "a POP3 log of Exchange" },
	{ { "#Log-type: IMAP4", 16 }, "an IMAP4 log of Exchange" },
	{ { "#Fields: dateTime,sessionId,seqNumber", 37 },
	    "a POP3 or IMAP4 log of Exchange" },
	{ { " : <<< 200 ", 11 }, "a log of the Internet News Service (NNTP)" },
	{ { " : >>> 200 ", 11 }, "a log of the Internet News Service (NNTP)" },
	{ { " : >>> mode reader", 18 },
	    "a log of the Internet News Service (NNTP)" },
	{ { " : >>> +OK", 10 }, "a POP3 log of Exchange" },
	{ { " : >>> * OK", 11 }, "an IMAP4 log of Exchange" },
	{ { " W3SVC", 6 }, "a log of the web server IIS" },
	{ { " MSFTPSVC", 9 }, "a log of the FTP server of IIS" },
	{ { " NNTPSVC", 8 }, "a log of the news server of IIS (NNTP)" },
	{ { "\x1f\x8b", 2 }, "compressed by gzip: unpack it first" },
};

const char *
other_log_kind(struct slice head)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (slice_find(head, others[i].mark) >= 0 &&
		    (others[i].mark.p[0] != '\x1f' ||
		    slice_starts(head, others[i].mark)))
			return others[i].kind;
	return NULL;
}
