/*
 * Logs in which a server says a little in words: Kerio Connect's mail log and
 * security log, Courier's and Domino's lines.  Nothing of a dialogue is in them,
 * and mostly not where a session ends.  The words are those of logs that such
 * servers wrote, or of the programs.
 *
 * A message that came in is a session of its own where nothing leads from it to
 * a connection.
 */
#include "config.h"

#include "generate_told.h"

#include <string.h>

/* Nothing that a stranger may say ends what stands around it. */
static const char *const odd[] = {
	"o'neil@example.com", "\"a b\"@example.com", "x=1@example.net",
	"\"Result: delivered\"@example.com", "j\303\251r\303\264me@example.com",
	"\"status: success\"@example.net",
};

static void
words(struct text *t, const struct session *s, const char *before,
    struct piece p, const char *behind)
{
	text_word(t, before);
	text_piece(t, s, p);
	text_word(t, behind);
}

static struct piece
mailbox(struct session *s)
{
	return told_mailbox(s, odd, COUNT(odd));
}

/* A note about the recipient; returns it for what else is to be said. */
static struct entry *
about(struct session *s, struct text *t, int32_t message, int32_t recipient,
    uint16_t code, const char *enhanced, const char *reason)
{
	struct entry *e = told_note(s, 0, t, code, enhanced, reason);

	e->verb = VERB_OTHER;
	e->message = message;
	e->recipient = recipient;
	return e;
}

/* An address that no other session has. */
static void
own_address(struct session *s)
{
	size_t at = s->text.n;

	text_word(&s->text, "10.");
	text_number(&s->text, s->number >> 16 & 255);
	text_char(&s->text, '.');
	text_number(&s->text, s->number >> 8 & 255);
	text_char(&s->text, '.');
	text_number(&s->text, s->number & 255);
	s->peer = piece_since(s, at);
}

/* --- Kerio Connect ---------------------------------------------------------------- */

static void
kerio_id(struct text *t, const struct session *s)
{
	text_word(t, "Queue-ID: ");
	text_small_hex(t, 0x67426f40 + s->number / 7, 8);
	text_char(t, '-');
	text_small_hex(t, s->number, 8);
	text_word(t, ", ");
}

static void
kerio_sent(struct session *s, int32_t message, int32_t to, uint16_t code,
    const char *enhanced, const char *result)
{
	struct text t = { 0 };

	text_word(&t, "Sent: ");
	kerio_id(&t, s);
	words(&t, s, "Recipient: <", s->recipients[to], ">, Result: ");
	text_word(&t, result);
	text_word(&t, ", Status: ");
	text_word(&t, enhanced);
	text_word(&t, code ? " , Remote-Host: 203.0.113.5" : " ");
	about(s, &t, message, to, code, enhanced, result);
}

static void
kerio_message(struct session *s)
{
	int32_t message = told_message(s, mailbox(s)), to;
	struct text t = { 0 };
	struct entry *e;
	uint32_t kind = dice_below(&s->dice, 100);

	to = told_recipient(s, mailbox(s));
	text_word(&t, "Recv: ");
	kerio_id(&t, s);
	words(&t, s, "Service: SMTP, From: <", s->messages[message].from, ">");
	words(&t, s, ", To: <", s->recipients[to], ">, Size: 1229, ");
	words(&t, s, "Sender-Host: ", s->peer, "");
	text_word(&t, dice_hits(&s->dice, 500) ? ", SSL: yes" : "");
	e = about(s, &t, message, to, 0, "", "");
	e->verb = VERB_DATA;
	if (kind < 15)
		kerio_sent(s, message, to, 4, "4.4.1", "delayed");
	if (kind < 10 || (kind >= 15 && kind < 30))
		kerio_sent(s, message, to, 5, "5.1.1", "failed");
	else if (kind < 90)
		kerio_sent(s, message, to, 0, "2.0.0",
		    kind < 50 ? "relayed" : "delivered");
}

/* Turned away: a line each, and nothing else of them. */
static void
kerio_refusal(struct session *s)
{
	static const struct {
		const char *before, *from, *to, *behind, *reason;
	} all[] = {
		{ "Relay attempt from IP address $", ", mail from <", "> to <",
		    "> rejected", "Relay attempt" },
		{ "Attempt to deliver to unknown recipient <", NULL,
		    ">, from <", ">, IP address $",
		    "Attempt to deliver to unknown recipient" },
		{ "IP address $", " found in DNS blacklist SpamCop, mail from "
		    "<", "> to <", "> rejected",
		    "found in DNS blacklist SpamCop" },
	};
	uint32_t kind = dice_below(&s->dice, COUNT(all));
	int32_t message = told_message(s, mailbox(s));
	int32_t to = told_recipient(s, mailbox(s));
	struct piece from = s->messages[message].from, none = { 0, 0 };
	struct piece first = all[kind].from ? from : s->recipients[to];
	struct text t = { 0 };

	if (all[kind].from) {
		words(&t, s, "", none, all[kind].before);
		t.n--;
		words(&t, s, "", s->peer, all[kind].from);
		words(&t, s, "", first, all[kind].to);
		words(&t, s, "", s->recipients[to], all[kind].behind);
	} else {
		words(&t, s, all[kind].before, first, all[kind].to);
		words(&t, s, "", from, all[kind].behind);
		t.n--;
		text_piece(&t, s, s->peer);
	}
	about(s, &t, message, to, 5, "", all[kind].reason)->verb = VERB_RCPT;
}

static void
kerio_alone(struct session *s)
{
	struct text t = { 0 };

	switch (dice_below(&s->dice, 3)) {
	case 0:
		words(&t, s, "SMTP Spam attack detected from ", s->peer,
		    ", client closed connection before SMTP greeting");
		told_note(s, 0, &t, 0, "", "");
		s->sequence = 1;
		break;
	case 1:
		words(&t, s, "Failed SMTP login from ", s->peer,
		    " with SASL method CRAM-MD5.");
		told_note(s, 0, &t, 5, "", "Failed SMTP login");
		break;
	default:
		words(&t, s, "Client with IP address ", s->peer, " has no "
		    "reverse DNS entry, connection rejected before SMTP "
		    "greeting");
		told_note(s, 0, &t, 5, "", "has no reverse DNS entry, "
		    "connection rejected before SMTP greeting");
		break;
	}
}

static void
kerio_make(void *state, struct session *s)
{
	uint32_t kind = dice_below(&s->dice, 100);

	(void)state;
	s->inbound = s->next_began = true;
	session_peer(s);
	if (kind < 60)
		kerio_message(s);
	else if (kind < 80)
		kerio_refusal(s);
	else
		kerio_alone(s);
}

static void
kerio_write(void *state, struct session *s, size_t at, bool visible)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct log_file *f = state;
	struct text *t = &f->pending;
	struct date d;

	if (!visible)
		return;
	date_of(s->entries[at].time, &d);
	text_char(t, '[');
	text_digits(t, (uint64_t)d.day, 2);
	text_char(t, '/');
	text_bytes(t, months + (d.month - 1) * 3, 3);
	text_char(t, '/');
	text_number(t, (uint64_t)d.year);
	text_char(t, ' ');
	text_clock(t, &d);
	text_word(t, "] ");
	log_end_entry(f, s, &s->entries[at]);
}

/* --- Courier ------------------------------------------------------------------------ */

static void
courier_connection(struct session *s)
{
	static const struct {
		const char *words;
		uint16_t code;
		const char *enhanced, *reason;
	} refusals[] = {
		{ "550 User unknown.", 550, "", "User unknown." },
		{ "513 Relaying denied.", 513, "", "Relaying denied." },
		{ "450 Try later: 550 no", 450, "", "Try later: 550 no" },
	};
	uint32_t n = dice_below(&s->dice, 4);
	int32_t message = NOTHING;
	struct text t = { 0 };

	words(&t, s, ": started,ip=[::ffff:", s->peer, "]");
	told_note(s, 0, &t, 0, "", "")->kind = ENTRY_OPEN;
	if (dice_hits(&s->dice, 150)) {
		words(&t, s, ": error,relay=::ffff:", s->peer, ",port=43632,"
		    "msg=\"535 Authentication failed.\",cmd: AUTH LOGIN YW5u");
		told_note(s, 0, &t, 535, "", "Authentication failed.");
	}
	if (n)
		message = told_message(s, mailbox(s));
	for (uint32_t i = 0; i < n; i++) {
		uint32_t kind = dice_below(&s->dice, COUNT(refusals));
		int32_t to = told_recipient(s, mailbox(s));

		words(&t, s, ": error,relay=::ffff:", s->peer, ",from=<");
		words(&t, s, "", s->messages[message].from, ">,to=<");
		words(&t, s, "", s->recipients[to], ">: ");
		text_word(&t, refusals[kind].words);
		about(s, &t, message, to, refusals[kind].code,
		    refusals[kind].enhanced,
		    refusals[kind].reason)->verb = VERB_RCPT;
	}
}

static void
courier_id(struct text *t, const struct session *s)
{
	text_word(t, "id=");
	text_hex(t, s->number, 8);
	text_word(t, ".6742AB12.");
	text_hex(t, s->number * 7 % 65536, 8);
}

/* "id=...,from=<...>,addr=<...>" in front of what became of it. */
static void
courier_fate(struct session *s, int32_t to, const char *how, uint16_t code,
    const char *enhanced, const char *reason)
{
	struct text t = { 0 };

	text_word(&t, "esmtp: ");
	courier_id(&t, s);
	words(&t, s, ",from=<", s->messages[0].from, ">");
	words(&t, s, ",addr=<", s->recipients[to], ">");
	text_word(&t, how);
	about(s, &t, 0, to, code, enhanced, reason);
}

static void
courier_delivery(struct session *s, int32_t to)
{
	uint32_t kind = dice_below(&s->dice, 100);
	struct text t = { 0 };

	text_word(&t, "d: started,");
	courier_id(&t, s);
	words(&t, s, ",from=<", s->messages[0].from, ">,module=esmtp,"
	    "host=example.net");
	words(&t, s, ",addr=<", s->recipients[to], ">");
	about(s, &t, 0, to, 0, "", "");
	if (kind < 10)
		return;                  /* under way when the log ends */
	if (kind < 25) {
		courier_fate(s, to, ": 550 5.1.1 no such user", 550, "5.1.1",
		    "no such user");
		courier_fate(s, to, ",status: failure", 5, "",
		    "");
		/* That it failed says less than the reply did. */
		s->entries[s->count - 1].recipient = NOTHING;
	} else if (kind < 35) {
		/* The state is a class, no reply. */
		if (kind < 30)
			courier_fate(s, to, ": 450 4.2.0 later", 450, "4.2.0",
			    "later");
		courier_fate(s, to, ",status: deferred", 4, "", "");
		if (kind < 30)
			s->entries[s->count - 1].recipient = NOTHING;
	} else {
		courier_fate(s, to, ",size=1311,status: success", 0, "",
		    "success");
	}
}

static void
courier_message(struct session *s)
{
	uint32_t n = 1 + dice_below(&s->dice, 3);
	struct text t = { 0 };
	struct entry *e;

	told_message(s, mailbox(s));
	text_word(&t, "d: newmsg,");
	courier_id(&t, s);
	words(&t, s, ": dns; client.example.org (client.example.org [::ffff:",
	    s->peer, "])");
	e = told_note(s, 0, &t, 0, "", "");
	e->verb = VERB_DATA;
	e->message = 0;
	e->ends_message = true;
	for (uint32_t i = 0; i < n; i++)
		courier_delivery(s, told_recipient(s, mailbox(s)));
	if (dice_hits(&s->dice, 200))
		return;
	text_word(&t, "d: completed,");
	courier_id(&t, s);
	told_note(s, 0, &t, 0, "", "");
}

static void
courier_make(void *state, struct session *s)
{
	(void)state;
	s->inbound = true;
	session_peer(s);
	s->rows = dice_hits(&s->dice, 500);
	/* No end of a connection is told; what came in has come in. */
	s->next_began = !s->rows;
	if (s->rows)
		courier_connection(s);
	else
		courier_message(s);
}

static void
courier_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct text *t = &f->pending;

	if (!visible)
		return;
	text_stamp(t, s->entries[at].time);
	text_word(t, s->rows ? " mx courieresmtpd[" : " mx courier");
	if (s->rows) {
		text_number(t, 1000 + s->number % 60000);
		text_char(t, ']');
	}
	log_end_entry(f, s, &s->entries[at]);
}

/* --- Domino ------------------------------------------------------------------------- */

static void
domino_failure(struct session *s, bool thread)
{
	static const char *const users[] = { "postmaster", "Bad Hacker",
		"x ; connecting host 10.9.9.9", "ann" };
	struct text t = { 0 };
	const char *user = users[dice_below(&s->dice, COUNT(users))];

	if (thread) {
		text_word(&t, " [0D14:0027-");
		text_hex(&t, 0x10000 + s->number, 8);
		text_word(&t, "] ");
	} else {
		text_word(&t, ": ");
	}
	text_word(&t, "Authentication failed for user ");
	text_word(&t, user);
	words(&t, s, thread ? " ; connecting host [" : " ; connecting host ",
	    s->peer, thread ? "]" : "");
	told_note(s, 0, &t, 5, "", "Authentication failed");
}

static void
domino_connection(struct session *s)
{
	struct text t = { 0 };
	uint32_t failures = dice_hits(&s->dice, 300) ?
	    1 + dice_below(&s->dice, 3) : 0;

	words(&t, s, ": ", s->peer, " connected");
	told_note(s, 0, &t, 0, "", "")->kind = ENTRY_OPEN;
	for (uint32_t i = 0; i < failures; i++)
		domino_failure(s, false);
	if (dice_hits(&s->dice, 50))
		return;
	words(&t, s, ": ", s->peer, " disconnected. ");
	text_number(&t, s->size);
	text_word(&t, " message[s] received");
	told_note(s, 0, &t, 0, "", "")->kind = ENTRY_CLOSE;
}

static void
domino_make(void *state, struct session *s)
{
	struct text t = { 0 };
	uint32_t kind = dice_below(&s->dice, 100);

	(void)state;
	s->inbound = true;
	s->rows = kind < 60;             /* known by its address alone */
	own_address(s);
	s->size = dice_below(&s->dice, 3);
	if (s->rows) {
		domino_connection(s);
	} else if (kind < 80) {
		for (uint32_t i = 0; i < 1 + s->size; i++)
			domino_failure(s, true);
	} else {
		words(&t, s, " [000527:000013-0000001227564800] Connection "
		    "from [", s->peer, "] rejected for policy reasons. IP "
		    "address of connecting host not found in reverse DNS "
		    "lookup.");
		told_note(s, 0, &t, 5, "", "rejected for policy reasons. IP "
		    "address of connecting host not found in reverse DNS "
		    "lookup.");
	}
}

static void
domino_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct text *t = &f->pending;
	struct date d;

	if (!visible)
		return;
	date_of(s->entries[at].time, &d);
	text_day(t, &d, '-');
	text_char(t, ' ');
	text_clock(t, &d);
	text_word(t, "   SMTP Server");
	log_end_entry(f, s, &s->entries[at]);
}

/* --- the truth ------------------------------------------------------------------------ */

static void
told_row(const struct session *s, struct text *t)
{
	told_peer(s, t, false);
	told_mail(s, t);
}

/* By address: a guess.  That messages came is told by their count alone. */
static void
domino_row(const struct session *s, struct text *t)
{
	static const char empty[] = "\"empty\"";

	told_peer(s, t, s->rows);
	told_mail(s, t);
	if (!s->rows || !s->size || t->n < sizeof empty ||
	    memcmp(t->p + t->n - (sizeof empty - 1), empty,
	    sizeof empty - 1) != 0)
		return;
	t->n -= sizeof empty - 1;
	text_word(t, "\"ok\"");
}

#define KIND(format, truth, ...) \
	const struct log_kind log_##format = { \
		.name = #format, \
		.row = truth, \
		.open = log_new, \
		.make = format##_make, \
		.write = format##_write, \
		.close = log_free, \
		__VA_ARGS__ \
	}

KIND(kerio, told_row, .lf = true);
KIND(courier, told_row, .lf = true);
KIND(domino, domino_row, .lf = false);
