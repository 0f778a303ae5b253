/*
 * How each log of the table writes an entry.  Where a shape was seen stands
 * beside it; doc/formats.md and data/formats/ are no sources here.
 */
#include "config.h"

#include "generate_vendor.h"

#include <string.h>

static void
add_two(struct text *t, int value)
{
	text_digits(t, (uint64_t)value, 2);
}

/* "2026-11-23", with `mark` between the numbers. */
static void
add_day(struct text *t, const struct date *d, char mark)
{
	text_digits(t, (uint64_t)d->year, 4);
	text_char(t, mark);
	add_two(t, d->month);
	text_char(t, mark);
	add_two(t, d->day);
}

/* --- message text, where logs hold it ------------------------------------------- */

static const char *const body[] = { "Subject: $N", "From: <$F>", "",
	"250 2.0.0 Ok: queued as FAKE1", "550 5.1.1 no such user",
	"MAIL FROM:<forged@example.net>", "QUIT", "..", "354 go on",
	"=> 550 no", "<-  550 no", "4711 > 550 no",
	"2026-11-23T10:00:00Z INFO SMTP connection ended (smtp.connection-end)",
	"tcpserver: end 4711 status 0", "=== Closed", "Connection closed" };

static void
body_lines(struct session *s)
{
	uint32_t n = 1 + dice_below(&s->dice, 6);

	for (uint32_t i = 0; i < n; i++)
		say_entry(s, ENTRY_TEXT, i ? 0 : 20,
		    body[dice_below(&s->dice, COUNT(body))], "");
	say_entry(s, ENTRY_TEXT, 0, ".", "");
}

/* One buffer of it, ends of lines and all. */
static void
body_buffer(struct session *s)
{
	uint32_t n = 1 + dice_below(&s->dice, 6);
	size_t at = s->text.n;
	int32_t entry;
	struct piece p;

	for (uint32_t i = 0; i < n; i++) {
		session_expand(s, body[dice_below(&s->dice, COUNT(body))]);
		text_word(&s->text, "\r\n");
	}
	text_char(&s->text, '.');
	p = piece_since(s, at);
	entry = say_entry(s, ENTRY_TEXT, 20, "", "");
	s->entries[entry].text = p;
}

/* The first line of it; then Postal says that it holds its tongue. */
static void
body_beginning(struct session *s)
{
	say_entry(s, ENTRY_TEXT, 20, body[dice_below(&s->dice, COUNT(body))],
	    "");
	say_entry(s, ENTRY_NOTE, 0, "Not logging further message data.", "");
}

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
	add_day(t, &d, '-');
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
		add_two(t, d.day);
		text_char(t, '-');
		add_two(t, d.month);
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
	add_day(t, &d, '.');
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
	add_two(t, d.ms / 10);
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

/* --- Postal: postal#556, app/lib/smtp_server ---------------------------------------- */

static void
postal_dress(struct dialect *d, bool send)
{
	(void)send;
	d->greetings.n = 0;              /* never logged */
	d->hello_rows = (struct verdict){ 250, "", "My capabilities are\n"
	    "STARTTLS\nAUTH CRAM-MD5 PLAIN LOGIN" };
	d->text = body_beginning;
}

static void
postal_line(struct text *t, const struct session *s, const struct entry *e)
{
	bool broken = e->kind == ENTRY_CLOSE && entry_is_lost(s, e);

	text_word(t, "[smtp.1:24380] [");
	text_iso(t, e->time, true);
	text_word(t, broken ? "] ERROR -- : [" : "] DEBUG -- : [");
	for (int i = 0; i < 6; i++) {
		uint64_t n = s->key;

		for (int k = 0; k < i; k++)
			n /= 26;
		text_char(t, (char)('A' + n % 26));
	}
	text_word(t, "] ");
	switch (e->kind) {
	case ENTRY_OPEN:
		text_word(t, "\x1b[35m   Connection opened from ");
		text_piece(t, s, s->peer);
		break;
	case ENTRY_CLOSE:
		text_word(t, broken ? "Errno::EPIPE: Broken pipe" :
		    "\x1b[35m   Connection closed");
		break;
	case ENTRY_NOTE:
		break;
	default:
		text_word(t, entry_is_sent(s, e) ? "\x1b[34m=> " :
		    "\x1b[32m<= ");
		break;
	}
}

static void
postal_tail(struct text *t, const struct session *s, const struct entry *e)
{
	if (e->kind != ENTRY_NOTE &&
	    (e->kind != ENTRY_CLOSE || !entry_is_lost(s, e)))
		text_word(t, "\x1b[0m");
}

/* --- Stalwart: crates/trc/src/serializers, crates/smtp/src/inbound ------------------ */

static void
stalwart_dress(struct dialect *d, bool send)
{
	(void)send;
	d->text = body_buffer;
	d->after_mail = (struct remark){ "$F", "" };
}

static void
stalwart_line(struct text *t, const struct session *s, const struct entry *e)
{
	const char *what = e->kind == ENTRY_OPEN ?
	    "INFO SMTP connection started (smtp.connection-start)" :
	    e->kind == ENTRY_CLOSE ?
	    "INFO SMTP connection ended (smtp.connection-end)" :
	    e->kind == ENTRY_NOTE ? "INFO SMTP MAIL FROM command "
	    "(smtp.mail-from)" : entry_is_sent(s, e) ?
	    "TRACE Raw SMTP output sent (smtp.raw-output)" :
	    "TRACE Raw SMTP input received (smtp.raw-input)";

	text_iso(t, e->time, false);
	text_word(t, "Z ");
	text_word(t, what);
	text_word(t, " listenerId = \"smtp\", localPort = 25, remoteIp = ");
	text_piece(t, s, s->peer);
	text_word(t, ", remotePort = ");
	text_number(t, 1024 + s->key % 64000);
	if (e->kind == ENTRY_NOTE) {
		text_word(t, ", from = \"");
	} else if (e->kind == ENTRY_CLOSE) {
		text_word(t, ", elapsed = 10ms");
	} else if (e->kind != ENTRY_OPEN) {
		text_word(t, ", size = ");
		text_number(t, e->text.n + 2);
		text_word(t, ", contents = \"");
	}
}

static void
stalwart_tail(struct text *t, const struct session *s, const struct entry *e)
{
	(void)s;
	if (e->kind == ENTRY_NOTE)
		text_char(t, '"');
	else if (e->kind != ENTRY_OPEN && e->kind != ENTRY_CLOSE)
		text_word(t, "\\r\\n\"");
}

static bool
escape_simply(struct text *t, char c)
{
	const char *name = c == '\r' ? "\\r" : c == '\n' ? "\\n" :
	    c == '\t' ? "\\t" : c == '\\' ? "\\\\" : c == '"' ? "\\\"" : NULL;

	if (name)
		text_word(t, name);
	return name != NULL;
}

static void
stalwart_bytes(struct text *t, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (escape_simply(t, p[i]))
			continue;
		if (c < ' ' || c == 0x7f) {
			text_word(t, "\\x");
			text_small_hex(t, c, 2);
		} else {
			text_char(t, p[i]);
		}
	}
}

/* --- KumoMTA: crates/kcli/src/trace_smtp_server.rs ---------------------------------- */

static void
kumomta_dress(struct dialect *d, bool send)
{
	(void)send;
	d->text = body_lines;
	d->after_mail = (struct remark){ "smtp_server_mail_from: Ok", "" };
}

/* "  0ns", " 12ms", "   2s": since the connection stood. */
static void
kumomta_delta(struct text *t, int64_t ms)
{
	char digits[24];
	size_t n = 0;
	uint64_t left = (uint64_t)(ms < 1000 ? ms : (ms + 500) / 1000);
	const char *unit = ms == 0 ? "ns" : ms < 1000 ? "ms" : "s";

	do {
		digits[n++] = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	for (size_t i = n + strlen(unit); i < 5; i++)
		text_char(t, ' ');
	while (n)
		text_char(t, digits[--n]);
	text_word(t, unit);
}

static void
kumomta_opened(struct text *t, int64_t now)
{
	struct date d;

	date_of(now, &d);
	text_word(t, "     === Connected ");
	add_day(t, &d, '-');
	text_char(t, ' ');
	text_clock(t, &d);
	text_char(t, '.');
	text_digits(t, (uint64_t)d.ms, 3);
	text_word(t, "456789 UTC");
}

static void
kumomta_line(struct text *t, const struct session *s, const struct entry *e)
{
	bool six = memchr(piece_at(s, s->peer), ':', s->peer.n) != NULL;

	text_word(t, six ? "[[" : "[");
	text_piece(t, s, s->peer);
	text_word(t, six ? "]:" : ":");
	text_number(t, (uint64_t)s->port);
	text_word(t, "->");
	text_piece(t, s, s->local);
	text_word(t, "] ");
	if (e->kind == ENTRY_OPEN) {
		kumomta_opened(t, e->time);
		return;
	}
	kumomta_delta(t, e->time - s->entries[0].time);
	text_word(t, e->kind == ENTRY_CLOSE ? " === Closed" :
	    e->kind == ENTRY_NOTE ? " === " : entry_is_sent(s, e) ?
	    " <-  " : "  -> ");
}

/* As Rust escapes text for people; format characters of Unicode, too. */
static void
kumomta_bytes(struct text *t, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (escape_simply(t, p[i]))
			continue;
		if (c == '\'') {
			text_word(t, "\\'");
		} else if (c < ' ' || c == 0x7f) {
			text_word(t, "\\u{");
			text_small_hex(t, c, c < 16 ? 1 : 2);
			text_char(t, '}');
		} else if (n - i >= 3 && memcmp(p + i, "\xe2\x80\xae", 3) == 0) {
			text_word(t, "\\u{202e}");
			i += 2;
		} else if (c == 0xc2 && n - i >= 2 && (p[i + 1] & 0x60) == 0) {
			text_word(t, "\\u{");
			text_small_hex(t, (unsigned char)p[++i], 2);
			text_char(t, '}');
		} else {
			text_char(t, p[i]);
		}
	}
}

/* --- qmail: what tcpserver, recordio and multilog of Debian print ------------------- */

static void
qmail_dress(struct dialect *d, bool send)
{
	(void)send;
	d->text = body_lines;
}

/* TAI64N, as multilog stamps. */
static void
qmail_stamp(struct text *t, int64_t ms, uint64_t ns)
{
	text_char(t, '@');
	text_small_hex(t, UINT64_C(0x400000000000000a) + (uint64_t)ms / 1000,
	    16);
	text_small_hex(t, ns, 8);
}

static void
qmail_line(struct text *t, const struct session *s, const struct entry *e)
{
	uint64_t pid = 3000 + s->number % 30000;

	qmail_stamp(t, e->time, (uint64_t)e->time % 1000 * 1000000 + 123456);
	if (e->kind == ENTRY_OPEN)
		text_word(t, " tcpserver: pid ");
	else if (e->kind == ENTRY_CLOSE)
		text_word(t, " tcpserver: end ");
	else
		text_char(t, ' ');
	text_number(t, pid);
	if (e->kind == ENTRY_OPEN) {
		text_word(t, " from ");
		text_piece(t, s, s->peer);
	} else if (e->kind == ENTRY_CLOSE) {
		text_word(t, entry_is_lost(s, e) ? " status 256" : " status 0");
	} else {
		text_word(t, entry_is_sent(s, e) ? " > " : " < ");
	}
}

static void
qmail_tail(struct text *t, const struct session *s, const struct entry *e)
{
	(void)s;
	if (e->kind != ENTRY_OPEN && e->kind != ENTRY_CLOSE)
		text_word(t, "\r ");
}

static void
qmail_between(struct text *t, int64_t now)
{
	qmail_stamp(t, now, 0x0abcdef0);
	text_word(t, " tcpserver: status: 1/40");
}

/* ------------------------------------------------------------------------------------ */

const struct vendor vendors[] = {
	{ .name = "communigate", .join = "\\r\\n", .grain = 10,
	  .local = "198.51.100.2:25", .line = communigate_line,
	  .tail = communigate_tail },
	{ .name = "kumomta", .v6 = true, .utf8 = true, .grain = 1,
	  .local = "198.51.100.2:25", .dress = kumomta_dress,
	  .line = kumomta_line, .bytes = kumomta_bytes },
	{ .name = "mdaemon", .whole = true, .grain = 1000,
	  .local = "198.51.100.2:25", .secret = "******",
	  .dress = mdaemon_dress, .before = mdaemon_before,
	  .line = mdaemon_line, .between = mdaemon_between },
	{ .name = "postal", .no_port = true, .v6 = true, .grain = 1,
	  .secret = "[redacted]", .dress = postal_dress, .line = postal_line,
	  .tail = postal_tail },
	{ .name = "qmail", .no_port = true, .grain = 1,
	  .dress = qmail_dress, .line = qmail_line, .tail = qmail_tail,
	  .between = qmail_between },
	{ .name = "smartermail", .join = "", .no_port = true, .late_open = true,
	  .grain = 1, .dress = smartermail_dress, .before = smartermail_before,
	  .line = smartermail_line },
	/* The peer's port is part of what tells its sessions apart. */
	{ .name = "stalwart", .join = "\\r\\n", .buffers = true,
	  .v6 = true, .utf8 = true, .no_port = true, .grain = 1000, .dress = stalwart_dress,
	  .line = stalwart_line, .tail = stalwart_tail,
	  .bytes = stalwart_bytes },
};

const size_t vendor_count = COUNT(vendors);
