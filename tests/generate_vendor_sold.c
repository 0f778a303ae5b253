/*
 * How servers that are sold write a line: MDaemon, SmarterMail, CommuniGate Pro.  Where a shape
 * was seen stands beside it; doc/formats.md and data/formats/ are no sources
 * here.
 */
#include "config.h"

#include "generate_vendor.h"

/* --- MDaemon: pastebin.com/usLyj6wM (in), /jA77NHFE (out) ------------------------- */

static void
mdaemon_dress(struct dialect *d, bool send)
{
	d->user_note = (struct remark){ "$U", "" };
	if (!send)
		d->tls_note = (struct remark){ "SSL negotiation successful "
		    "(TLS 1.2, 256 bit key exchange, 256 bit AES encryption)",
		    "" };
	d->tarpit = (struct remark){ "Creating temp file (SMTP): "
	    "c:\\mdaemon\\queues\\temp\\md50000000001.tmp", "" };
}

static void
mdaemon_before(struct session *s)
{
	say_entry(s, ENTRY_ATTEMPT, 0, "", "");
	say_entry(s, ENTRY_NOTE, 0, "Parsing message "
	    "<c:\\mdaemon\\queues\\remote\\pd50013366822.msg>", "");
	say_entry(s, ENTRY_NOTE, 0, "*  From: ann@example.com", "");
	say_entry(s, ENTRY_NOTE, 0, "*  To: bob@example.net", "");
	say_entry(s, ENTRY_NOTE, 0, dice_hits(&s->dice, 100) ?
	    "*  Subject: Session 4575; child 2: SMTP session successful" :
	    "*  Subject: hello", "");
	say_entry(s, ENTRY_NOTE, 0, "Attempting SMTP connection to "
	    "[example.net]", "");
	say_entry(s, ENTRY_NOTE, 0, "Resolving MX records for [example.net] "
	    "(DNS Server: 198.51.100.53)...", "");
	say_entry(s, ENTRY_NOTE, 30, "Attempting SMTP connection to [$P:25]",
	    "");
	say_entry(s, ENTRY_NOTE, 0, "Waiting for socket connection...", "");
}

static void
mdaemon_stamp(struct text *t, int64_t now)
{
	static const char days[] = "ThuFriSatSunMonTueWed";
	struct date d;

	date_of(now, &d);
	text_bytes(t, days + now / 86400000 % 7 * 3, 3);
	text_char(t, ' ');
	text_day(t, &d, '-');
	text_char(t, ' ');
	text_clock(t, &d);
	text_word(t, ": ");
}

static void
mdaemon_open(struct text *t, const struct session *s)
{
	if (!s->inbound) {
		text_word(t, "*  Connection established (");
		text_piece(t, s, s->local);
		text_word(t, " -> ");
		text_piece(t, s, s->peer);
		text_word(t, ":25)");
		return;
	}
	text_word(t, "Accepting SMTP connection from [");
	text_piece(t, s, s->peer);
	text_char(t, ':');
	text_number(t, (uint64_t)s->port);
	text_word(t, "] to [");
	text_piece(t, s, s->local);
	text_char(t, ']');
}

static void
mdaemon_line(struct text *t, const struct session *s, const struct entry *e)
{
	mdaemon_stamp(t, e->time);
	switch (e->kind) {
	case ENTRY_ATTEMPT:
		text_word(t, "Session ");
		text_number(t, s->key);
		text_word(t, "; child 2");
		break;
	case ENTRY_OPEN:
		mdaemon_open(t, s);
		break;
	case ENTRY_CLOSE:
		text_word(t, entry_is_lost(s, e) ? "SMTP session terminated "
		    "(Bytes in/out: 220/170)" : "SMTP session successful "
		    "(Bytes in/out: 812/513)");
		break;
	case ENTRY_USER:
		text_word(t, "Authenticated as ");
		break;
	case ENTRY_NOTE:
	case ENTRY_TLS:
		break;
	default:
		text_word(t, entry_is_sent(s, e) ? "--> " : "<-- ");
		break;
	}
}

static void
mdaemon_between(struct text *t, int64_t now)
{
	mdaemon_stamp(t, now);
	text_word(t, "----------");
}

const struct vendor vendor_mdaemon = {
	.name = "mdaemon",
	.whole = true,
	.grain = 1000,
	.local = "198.51.100.2:25",
	.secret = "******",
	.dress = mdaemon_dress,
	.before = mdaemon_before,
	.line = mdaemon_line,
	.between = mdaemon_between,
};

/* --- SmarterMail: pastebin.com/KcVhXQws (SMTP), /VW2bNg7T (delivery) -------------- */

static void
smartermail_dress(struct dialect *d, bool send)
{
	d->hello_rows = (struct verdict){ 250, "", "$S Hello [$P]\n"
	    "SIZE 52428800\nAUTH LOGIN CRAM-MD5\n8BITMIME\nOK" };
	if (!send)
		d->after_mail = (struct remark){ "senderEmail(1): $F parsed "
		    "using: <$F>", "" };
}

static void
smartermail_before(struct session *s)
{
	say_entry(s, ENTRY_NOTE, 0, "Delivery started for ann@example.com at "
	    "8:36:26 AM", "");
	say_entry(s, ENTRY_NOTE, 300, "Sending remote mail for "
	    "ann@example.com", "");
	say_entry(s, ENTRY_NOTE, 0, "Initiating connection to $P", "");
	say_entry(s, ENTRY_ATTEMPT, 0, "Connecting to $P:25 (Id: 1)", "");
}

static void
smartermail_words(struct text *t, const struct session *s,
    const struct entry *e)
{
	struct date d;

	date_of(e->time, &d);
	if (e->kind == ENTRY_OPEN && !s->inbound) {
		text_word(t, "Connection to ");
		text_piece(t, s, s->peer);
		text_word(t, ":25 from ");
		text_piece(t, s, s->local);
		text_word(t, " succeeded (Id: 1)");
	} else if (!s->inbound) {
		text_word(t, "Delivery finished for ann@example.com at "
		    "8:36:39 AM");
	} else {
		text_word(t, e->kind == ENTRY_OPEN ? "connected at " :
		    "disconnected at ");
		text_digits(t, (uint64_t)d.day, 2);
		text_char(t, '-');
		text_digits(t, (uint64_t)d.month, 2);
		text_char(t, '-');
		text_digits(t, (uint64_t)d.year, 4);
		text_char(t, ' ');
		text_clock(t, &d);
	}
}

static void
smartermail_line(struct text *t, const struct session *s,
    const struct entry *e)
{
	bool reply = e->kind == ENTRY_REPLY || e->kind == ENTRY_MORE;
	struct date d;

	date_of(e->time, &d);
	text_char(t, '[');
	text_day(t, &d, '.');
	text_word(t, "] ");
	text_clock(t, &d);
	text_char(t, '.');
	text_digits(t, (uint64_t)d.ms, 3);
	text_word(t, " [");
	if (s->inbound) {
		text_piece(t, s, s->peer);
		text_word(t, "][");
	}
	text_number(t, s->key);
	text_word(t, "] ");
	if (e->kind == ENTRY_OPEN || e->kind == ENTRY_CLOSE)
		smartermail_words(t, s, e);
	else if (e->kind != ENTRY_NOTE && e->kind != ENTRY_ATTEMPT)
		text_word(t, reply ? s->inbound ? "rsp: " : "RSP: " :
		    s->inbound ? "cmd: " : "CMD: ");
}

const struct vendor vendor_smartermail = {
	.name = "smartermail",
	.join = "",
	.no_port = true,
	.late_open = true,
	.grain = 1,
	.dress = smartermail_dress,
	.before = smartermail_before,
	.line = smartermail_line,
};

/* --- CommuniGate Pro, as server: pastebin.com/qhv2k7c1 ---------------------------- */

static void
communigate_line(struct text *t, const struct session *s,
    const struct entry *e)
{
	bool said = e->kind >= ENTRY_COMMAND;
	struct date d;

	date_of(e->time, &d);
	text_clock(t, &d);
	text_char(t, '.');
	text_digits(t, (uint64_t)d.ms / 10, 2);
	text_word(t, said ? " 5 SMTPI-" : " 4 SMTPI-");
	text_number(t, s->key);
	text_word(t, "([");
	text_piece(t, s, s->peer);
	text_word(t, "]) ");
	if (e->kind == ENTRY_OPEN) {
		text_word(t, "got connection on [");
		text_piece(t, s, s->local);
		text_word(t, "](example.com) from [");
		text_piece(t, s, s->peer);
		text_char(t, ':');
		text_number(t, (uint64_t)s->port);
		text_char(t, ']');
	} else if (e->kind == ENTRY_CLOSE) {
		text_word(t, "closing connection");
	} else if (said) {
		text_word(t, entry_is_sent(s, e) ? "out: " : "inp: ");
	}
}

static void
communigate_tail(struct text *t, const struct session *s,
    const struct entry *e)
{
	if (e->kind == ENTRY_REPLY && s->inbound)
		text_word(t, "\\r\\n");
}

const struct vendor vendor_communigate = {
	.name = "communigate",
	.join = "\\r\\n",
	.grain = 10,
	.local = "198.51.100.2:25",
	.line = communigate_line,
	.tail = communigate_tail,
};
