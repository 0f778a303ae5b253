/*
 * OpenSMTPD's log: connections told in words, many at once, by one process,
 * and what became of their envelopes.
 */
#include "config.h"

#include "generate_told.h"

/* Who writes an entry, in `sequence`. */
enum writer { SMTP, DELIVERY };

static const char *const odd[] = {
	"\"a\" result=\"250 ok\"@example.com", "o'neil@example.com",
	"\"b> to=<x@y> \"@example.com", "\"c result=Ok stat=Delivered\"@example.com",
};

static void
osmtpd_write(void *state, struct session *s, size_t at, bool visible)
{
	struct log_file *f = state;
	struct entry *e = &s->entries[at];
	struct text *t = &f->pending;

	if (!visible)
		return;
	text_stamp(t, e->time);
	text_word(t, " mx smtpd[77]: ");
	text_small_hex(t, e->sequence == SMTP ? s->key : s->key ^ 0xabcdef, 16);
	text_word(t, e->sequence == SMTP ? " smtp " : " mda ");
	log_end_entry(f, s, e);
}

/* --- lines ------------------------------------------------------------------------------ */

/* The first eight digits of an envelope's id are the message's. */
static void
add_message_id(struct text *t, const struct session *s, int32_t message)
{
	text_small_hex(t, (s->number * 8 + (uint64_t)message) * 2654435761u %
	    4294967296u, 8);
}

static void
add_envelope(struct text *t, const struct session *s, int32_t message,
    int32_t recipient)
{
	add_message_id(t, s, message);
	text_small_hex(t, 0x51000000u + (uint64_t)recipient, 8);
}

/* " from=<ann@example.org> to=<bob@example.net>" */
static void
add_paths(struct text *t, const struct session *s, int32_t message,
    struct piece to)
{
	text_word(t, " from=");
	told_path(t, s, s->messages[message].from);
	text_word(t, " to=");
	told_path(t, s, to);
}

static struct entry *
say_words(struct session *s, const char *words, uint16_t code,
    const char *enhanced, const char *reason)
{
	struct text line = { 0 };

	text_word(&line, words);
	return told_note(s, SMTP, &line, code, enhanced, reason);
}

/* --- messages ----------------------------------------------------------------------------- */

static void
refuse_recipient(struct session *s, int32_t message)
{
	static const struct { uint16_t code; const char *enhanced, *words; }
	    refusals[] = {
		{ 550, "", "Invalid recipient" },
		{ 451, "4.7.1", "Try again later: \"550 5.0.0\"" },
		{ 524, "5.2.4", "Mailing list expansion problem" },
	};
	uint32_t kind = dice_below(&s->dice, COUNT(refusals));
	struct piece to = told_mailbox(s, odd, COUNT(odd));
	struct text line = { 0 };
	struct entry *e;

	text_word(&line, "failed-command command=\"RCPT TO:");
	told_path(&line, s, to);
	text_word(&line, "\" result=\"");
	text_number(&line, refusals[kind].code);
	text_char(&line, ' ');
	text_word(&line, refusals[kind].enhanced);
	text_word(&line, *refusals[kind].enhanced ? " " : "");
	text_word(&line, refusals[kind].words);
	text_char(&line, '"');
	e = told_note(s, SMTP, &line, refusals[kind].code, refusals[kind].enhanced,
	    refusals[kind].words);
	e->verb = VERB_RCPT;
	e->ends_message = true;
	e->message = message;
	e->recipient = told_recipient(s, to);
}

static void
deliver(struct session *s, int32_t message, int32_t recipient)
{
	static const struct { uint16_t code; const char *enhanced, *result,
	    *stat, *words; } fates[] = {
		{ 250, "2.0.0", "Ok", "250 2.0.0 queued as 1", "queued as 1" },
		{ 550, "5.1.1", "PermFail", "550 5.1.1 no such user",
		    "no such user" },
		{ 4, "", "TempFail", "Error (\"mail.local: disk full\")",
		    "(\"mail.local: disk full\")" },
	};
	uint32_t kind = dice_below(&s->dice, COUNT(fates));
	struct text line = { 0 };
	struct entry *e;

	text_word(&line, "delivery evpid=");
	add_envelope(&line, s, message, recipient);
	add_paths(&line, s, message, s->recipients[recipient]);
	text_word(&line, " rcpt=<-> user=bob delay=1s result=\"");
	text_word(&line, fates[kind].result);
	text_word(&line, "\" stat=\"");
	text_word(&line, fates[kind].stat);
	text_char(&line, '"');
	e = told_note(s, DELIVERY, &line, fates[kind].code, fates[kind].enhanced,
	    fates[kind].words);
	e->verb = VERB_OTHER;
	e->message = message;
	e->recipient = recipient;
}

static void
say_arrival(struct session *s, int32_t message, uint32_t n)
{
	struct text line = { 0 };
	struct entry *e;

	text_word(&line, "message msgid=");
	add_message_id(&line, s, message);
	text_word(&line, " size=");
	text_number(&line, s->messages[message].size);
	text_word(&line, " nrcpt=");
	text_number(&line, n);
	text_word(&line, " proto=ESMTP");
	e = told_note(s, SMTP, &line, 250, "", "");
	e->verb = VERB_DATA;
	e->ends_message = true;
	e->message = message;
}

static void
accept_message(struct session *s, int32_t message)
{
	uint32_t n = 1 + dice_below(&s->dice, 3);
	int32_t first = (int32_t)s->nrecipients;

	s->messages[message].size = 500 + dice_below(&s->dice, 9000);
	say_arrival(s, message, n);
	for (uint32_t i = 0; i < n; i++) {
		struct piece to = told_mailbox(s, odd, COUNT(odd));
		struct text line = { 0 };
		int32_t recipient = told_recipient(s, to);
		struct entry *e;

		text_word(&line, "envelope evpid=");
		add_envelope(&line, s, message, recipient);
		add_paths(&line, s, message, to);
		e = told_note(s, SMTP, &line, 250, "", "");
		e->verb = VERB_RCPT;
		e->message = message;
		e->recipient = recipient;
	}
	if (dice_hits(&s->dice, 800))
		for (uint32_t i = 0; i < n; i++)
			deliver(s, message, first + (int32_t)i);
}

static void
make_message(struct session *s, bool plain)
{
	struct piece from = dice_hits(&s->dice, 50) ? (struct piece){ 0, 0 } :
	    told_mailbox(s, odd, COUNT(odd));
	int32_t message = told_message(s, from);
	uint32_t refused = plain ? 0 : dice_below(&s->dice, 3);

	for (uint32_t i = 0; i < refused; i++)
		refuse_recipient(s, message);
	accept_message(s, message);
}

/* --- sessions ----------------------------------------------------------------------------- */

static void
make_end(struct session *s, bool plain)
{
	static const char *const ends[] = { "quit", "quit", "quit",
		"disconnect", "\"io-error: Connection reset by peer\"" };
	uint32_t kind = plain ? 999 : dice_below(&s->dice, 1000);
	struct text line = { 0 };
	bool late = kind >= 10 && kind < 60;

	if (kind < 10)
		return;                  /* no end is seen */
	s->sequence = late;
	text_word(&line, "disconnected reason=");
	text_word(&line, late ? "timeout" : plain ? "quit" :
	    ends[dice_below(&s->dice, COUNT(ends))]);
	told_note(s, SMTP, &line, 0, "", "")->kind = ENTRY_CLOSE;
}

static void
osmtpd_make(void *state, struct session *s)
{
	struct log_file *f = state;
	bool plain = f->options->plain;
	uint32_t messages = dice_below(&s->dice, 4);
	struct text line = { 0 };

	s->inbound = true;
	s->key = (s->number + 1) * UINT64_C(0x9e3779b97f4a7c15);
	session_peer(s);
	text_word(&line, "connected address=");
	text_piece(&line, s, s->peer);
	text_word(&line, " host=<unknown>");
	told_note(s, SMTP, &line, 0, "", "")->kind = ENTRY_OPEN;
	s->tls = dice_hits(&s->dice, 200);
	if (s->tls)
		say_words(s, "tls ciphers=TLSv1.3:TLS_AES_256_GCM_SHA384:256",
		    0, "", "");
	if (!plain && dice_hits(&s->dice, 80))
		say_words(s, "failed-command command=\"XY\" result=\"500 5.5.1 "
		    "Invalid command: Command unrecognized\"", 500, "5.5.1",
		    "Invalid command: Command unrecognized");
	if (dice_hits(&s->dice, 100)) {
		s->user = session_piece(s, "ann");
		say_words(s, "authentication user=ann result=ok", 0, "", "");
	}
	for (uint32_t i = 0; i < messages; i++)
		make_message(s, plain);
	make_end(s, plain);
}

static void
osmtpd_row(const struct session *s, struct text *t)
{
	text_word(t, ",\"key\":\"");
	text_small_hex(t, s->key, 16);
	text_word(t, s->tls ? "\",\"port\":null,\"tls\":"
	    "\"TLSv1.3:TLS_AES_256_GCM_SHA384:256\"" :
	    "\",\"port\":null,\"tls\":null");
	text_word(t, s->user.n ? ",\"auth\":\"ann\"" : ",\"auth\":null");
	told_peer(s, t, false);
	told_mail(s, t);
}

const struct log_kind log_opensmtpd = {
	.name = "opensmtpd",
	.lf = true,
	.row = osmtpd_row,
	.open = log_new,
	.make = osmtpd_make,
	.write = osmtpd_write,
	.close = log_free,
};
