/*
 * How servers whose source is free write a line: Postal, Stalwart, KumoMTA,
 * qmail.  Where a shape was seen stands beside it; doc/formats.md and
 * data/formats/ are no sources here.
 */
#include "config.h"

#include "generate_vendor.h"

#include <string.h>

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

const struct vendor vendor_postal = {
	.name = "postal",
	.no_port = true,
	.v6 = true,
	.grain = 1,
	.secret = "[redacted]",
	.dress = postal_dress,
	.line = postal_line,
	.tail = postal_tail,
};

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

const struct vendor vendor_stalwart = {
	.name = "stalwart",
	.join = "\\r\\n",
	.buffers = true,
	.v6 = true,
	.utf8 = true,
	.no_port = true,         /* it is part of what tells sessions apart */
	.grain = 1000,
	.dress = stalwart_dress,
	.line = stalwart_line,
	.tail = stalwart_tail,
	.bytes = stalwart_bytes,
};

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
	text_day(t, &d, '-');
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

const struct vendor vendor_kumomta = {
	.name = "kumomta",
	.v6 = true,
	.utf8 = true,
	.grain = 1,
	.local = "198.51.100.2:25",
	.dress = kumomta_dress,
	.line = kumomta_line,
	.bytes = kumomta_bytes,
};

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

const struct vendor vendor_qmail = {
	.name = "qmail",
	.no_port = true,
	.grain = 1,
	.dress = qmail_dress,
	.line = qmail_line,
	.tail = qmail_tail,
	.between = qmail_between,
};
