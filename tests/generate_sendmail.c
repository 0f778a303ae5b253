/*
 * Sendmail's log by syslog at its usual level: no connections, but what was
 * refused, which messages came in, and what other processes did with them.
 */
#include "config.h"

#include "generate_told.h"

/* Who writes an entry, in `sequence`. */
enum writer { CONNECTION, DELIVERY };

static const char *const odd[] = {
	"\"a, reject=550 5.0.0 fake\"@example.com", "o'neil@example.com",
	"\"b]: 250 ok\"@example.com", "\"c>, stat=Sent\"@example.com",
	"\"d\\\" <x@y>... User unknown\"@example.com",
};

static void
sendmail_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct entry *e = &s->entries[at];
	struct text *t = &f->pending;

	if (!visible)
		return;
	text_stamp(t, e->time);
	text_word(t, " mx sm-mta[");
	text_number(t, 10000 + s->number * 2 + e->sequence);
	text_word(t, "]: ");
	log_end_entry(f, s, e);
}

/* --- what lines have in common ------------------------------------------------------ */

/* "6AQ0HnAB1710000: ": a message each, and the process. */
static void
add_id(struct text *t, const struct session *s, int32_t message)
{
	text_word(t, "6AQ0Hn");
	text_char(t, (char)('A' + s->number % 26));
	text_char(t, (char)('a' + message));
	text_digits(t, 10000 + s->number * 2, 6);
	text_word(t, ": ");
}

static void
add_relay(struct text *t, const struct session *s)
{
	if (s->number % 3 == 0)
		text_word(t, "client.example.org ");
	text_char(t, '[');
	text_piece(t, s, s->peer);
	text_char(t, ']');
	if (s->number % 9 == 0)
		text_word(t, " (may be forged)");
}

/* --- messages ------------------------------------------------------------------------- */

static void
refuse_recipient(struct session *s, int32_t message)
{
	static const struct { uint16_t code; const char *enhanced, *words; }
	    refusals[] = {
		{ 550, "5.7.1", "Relaying denied" },
		{ 450, "4.7.1", "Too fast, reject=550 5.0.0 x" },
		{ 5, "", "User unknown" },
	};
	uint32_t kind = dice_below(&s->dice, COUNT(refusals));
	struct piece to = told_mailbox(s, odd, COUNT(odd));
	struct text line = { 0 }, words = { 0 };
	struct entry *e;

	add_id(&line, s, message);
	if (refusals[kind].code == 5) {
		/* The path is no part of the words. */
		told_path(&line, s, to);
		text_word(&line, "... ");
	} else {
		text_word(&line, "ruleset=check_rcpt, arg1=");
		told_path(&line, s, to);
		text_word(&line, ", relay=");
		add_relay(&line, s);
		text_word(&line, ", reject=");
		text_number(&line, refusals[kind].code);
		text_char(&line, ' ');
		text_word(&line, refusals[kind].enhanced);
		text_char(&line, ' ');
		told_path(&words, s, to);
		text_word(&words, "... ");
		text_bytes(&line, words.p, words.n);
	}
	text_word(&line, refusals[kind].words);
	text_word(&words, refusals[kind].words);
	text_char(&words, '\0');
	e = told_note(s, CONNECTION, &line, refusals[kind].code,
	    refusals[kind].enhanced, words.p);
	e->verb = VERB_RCPT;
	e->ends_message = true;
	e->message = message;
	e->recipient = told_recipient(s, to);
	text_free(&words);
}

static void
arrive(struct session *s, int32_t message, uint32_t recipients)
{
	struct text line = { 0 };
	struct entry *e;

	add_id(&line, s, message);
	text_word(&line, "from=");
	told_path(&line, s, s->messages[message].from);
	text_word(&line, ", size=");
	text_number(&line, s->messages[message].size);
	text_word(&line, ", class=0, nrcpts=");
	text_number(&line, recipients);
	text_word(&line, ", msgid=<1@example.org>, proto=ESMTP, daemon=MTA, "
	    "relay=");
	add_relay(&line, s);
	e = told_note(s, CONNECTION, &line, 0, "", "");
	e->verb = VERB_DATA;
	e->message = message;
}

/* One line for those recipients that are delivered together. */
static void
deliver(struct session *s, int32_t message, int32_t first, uint32_t n)
{
	static const struct { uint16_t code; const char *dsn, *stat; } fates[] = {
		{ 2, "2.0.0", "Sent (OK id=1)" }, { 2, "2.0.0", "Sent" },
		{ 4, "4.0.0", "Deferred: Connection refused by mx.example.net." },
		{ 5, "5.1.1", "User unknown" },
	};
	uint32_t kind = dice_below(&s->dice, COUNT(fates));
	struct text line = { 0 };
	struct entry *e;

	add_id(&line, s, message);
	text_word(&line, "to=");
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			text_char(&line, ',');
		told_path(&line, s, s->recipients[first + (int32_t)i]);
	}
	text_word(&line, ", delay=00:00:01, xdelay=00:00:00, mailer=esmtp, "
	    "pri=30321, relay=mx.example.net. [198.51.100.7], dsn=");
	text_word(&line, fates[kind].dsn);
	text_word(&line, ", stat=");
	text_word(&line, fates[kind].stat);
	e = told_note(s, DELIVERY, &line, fates[kind].code, fates[kind].dsn,
	    fates[kind].stat);
	e->verb = VERB_OTHER;
	e->ends_message = true;
	e->message = message;
	e->recipient = first;
	e->size = n;
}

static void
lose(struct session *s, int32_t message)
{
	struct text line = { 0 };

	add_id(&line, s, message);
	text_word(&line, "lost input channel from ");
	add_relay(&line, s);
	text_word(&line, " to MTA after rcpt");
	told_note(s, CONNECTION, &line, 0, "", "");
	s->sequence = 1;
}

static void
make_message(struct session *s, bool lost, bool plain)
{
	struct piece from = dice_hits(&s->dice, 50) ? (struct piece){ 0, 0 } :
	    told_mailbox(s, odd, COUNT(odd));
	int32_t message = told_message(s, from), first;
	uint32_t refused = plain ? 0 : dice_below(&s->dice, 3), n;

	for (uint32_t i = 0; i < refused; i++)
		refuse_recipient(s, message);
	if (lost)
		lose(s, message);
	n = lost ? 0 : 1 + dice_below(&s->dice, 3);
	s->messages[message].size = lost ? 0 : 500 + dice_below(&s->dice, 9000);
	arrive(s, message, n);
	first = (int32_t)s->nrecipients;
	for (uint32_t i = 0; i < n; i++) {
		struct piece to = told_mailbox(s, odd, COUNT(odd));

		told_recipient(s, to);
	}
	if (n && dice_hits(&s->dice, 800))
		deliver(s, message, first, n);
}

/* --- sessions ---------------------------------------------------------------------------- */

static void
say_security(struct session *s)
{
	struct text line = { 0 };

	if (dice_hits(&s->dice, 200)) {
		text_word(&line, "STARTTLS=server, relay=");
		add_relay(&line, s);
		text_word(&line, ", version=TLSv1.3, verify=NO, "
		    "cipher=TLS_AES_256_GCM_SHA384, bits=256/256");
		s->tls = true;
		told_note(s, CONNECTION, &line, 0, "", "");
	}
	if (dice_hits(&s->dice, 100)) {
		line = (struct text){ 0 };
		text_word(&line, "AUTH=server, relay=");
		add_relay(&line, s);
		text_word(&line, ", authid=ann, mech=LOGIN, bits=0");
		s->user = session_piece(s, "ann");
		told_note(s, CONNECTION, &line, 0, "", "");
	}
}

static void
sendmail_make(void *state, struct session *s)
{
	struct log_file *f = state;
	uint32_t messages = dice_below(&s->dice, 4);
	bool lost = !f->options->plain && dice_hits(&s->dice, 80);
	struct text line = { 0 };

	s->inbound = true;
	s->next_began = true;    /* no end is told; each line may be the last */
	session_peer(s);
	say_security(s);
	for (uint32_t i = 0; i < messages; i++)
		make_message(s, lost && i + 1 == messages, f->options->plain);
	if (messages)
		return;
	text_word(&line, "NOQUEUE: ");
	add_relay(&line, s);
	text_word(&line, " did not issue MAIL/EXPN/VRFY/ETRN during connection "
	    "to MTA");
	told_note(s, CONNECTION, &line, 0, "", "")->kind = ENTRY_CLOSE;
}

static void
sendmail_row(const struct session *s, struct text *t)
{
	text_word(t, s->tls ? ",\"port\":null,\"tls\":\"TLSv1.3 "
	    "TLS_AES_256_GCM_SHA384\"" : ",\"port\":null,\"tls\":null");
	text_word(t, s->user.n ? ",\"auth\":\"ann\"" : ",\"auth\":null");
	told_peer(s, t, false);
	told_mail(s, t);
}

const struct log_kind log_sendmail = {
	.name = "sendmail",
	.lf = true,
	.row = sendmail_row,
	.open = log_new,
	.make = sendmail_make,
	.write = sendmail_write,
	.close = log_free,
};
