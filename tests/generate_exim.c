/*
 * Main logs of Exim: connections told in words, many at once, and what became
 * of their messages, told by other processes.  `exim` has +pid +incoming_port
 * +smtp_connection and the rest that joins lines.  `exim-default` is what
 * Exim logs by itself: neither ports nor processes, nothing of a connection
 * that did nothing, no recipients but of deliveries; a session is a guess, from
 * address and HELO.
 *
 * No dialogue is made up here but what it comes to, as generate_told.h tells.
 */
#include "config.h"

#include "generate_exim.h"
#include "generate_told.h"

/* --- notes -------------------------------------------------------------------- */

/* "(helo) [192.0.2.1]:4711 I=[10.0.0.5]:25", the name only once it is said. */
static void
add_source(struct text *t, const struct session *s, bool greeted)
{
	if (greeted) {
		text_char(t, '(');
		text_piece(t, s, s->helo);
		text_word(t, ") ");
	}
	text_char(t, '[');
	text_piece(t, s, s->peer);
	text_char(t, ']');
	if (exim_is_default(s))
		return;
	text_char(t, ':');
	text_number(t, (uint64_t)s->port);
	text_word(t, " I=[10.0.0.5]:25");
}

/* As Exim writes an address: what cannot be printed, in octal. */
static void
add_address(struct text *t, const struct session *s, struct piece p)
{
	for (uint32_t i = 0; i < p.n; i++) {
		char c = piece_at(s, p)[i];

		if (c == '\033')
			text_word(t, "\\033");
		else
			text_char(t, c);
	}
}

static void
add_id(struct text *t, const struct session *s, int32_t message)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz";
	uint64_t n = s->number * 16 + (uint64_t)message;

	text_word(t, "1rABCD-00000");
	for (int i = 0; i < 6; i++, n /= 62)
		text_char(t, digits[n % 62]);
	text_word(t, s->number % 2 ? "-0001 " : "-0000 ");
}

/* --- what happens -------------------------------------------------------------- */

static const char *const odd[] = {
	"\"a> rejected RCPT <x@y>: 550 5.0.0 fake\"@example.com",
	"\"b] 250 ok\"@example.com", "o'neil@example.com",
	"\"c\\\" R=x T=y: SMTP error\"@example.com",
	"red\033[31m@example.com", "j\303\251r\303\264me@example.com",
};

static void
refuse_recipient(struct session *s, int32_t message)
{
	static const struct { uint16_t code; const char *enhanced, *full,
	    *words; } refusals[] = {
		{ 5, "", "relay not permitted", "relay not permitted" },
		{ 5, "", "Unknown user", "Unknown user" },
		{ 552, "5.2.2", "552 5.2.2 Mailbox full", "Mailbox full" },
		{ 4, "", "Greylisted, come back later",
		    "Greylisted, come back later" },
		{ 450, "4.7.1", "450 4.7.1 Too fast: 550 5.0.0",
		    "Too fast: 550 5.0.0" },
	};
	uint32_t kind = dice_below(&s->dice, COUNT(refusals));
	bool later = refusals[kind].code / 100 == 4 || refusals[kind].code == 4;
	struct piece to = told_mailbox(s, odd, COUNT(odd));
	struct text t = { 0 };
	struct entry *e;

	text_word(&t, "H=");
	add_source(&t, s, true);
	text_word(&t, " F=<");
	add_address(&t, s, s->messages[message].from);
	text_word(&t, later ? "> temporarily rejected RCPT <" :
	    "> rejected RCPT <");
	add_address(&t, s, to);
	text_word(&t, ">: ");
	text_word(&t, refusals[kind].full);
	e = told_note(s, CHILD, &t, refusals[kind].code,
	    refusals[kind].enhanced, refusals[kind].words);
	e->verb = VERB_RCPT;
	e->final = true;
	e->message = message;
	e->recipient = told_recipient(s, to);
}

static void
deliver(struct session *s, int32_t message, int32_t recipient)
{
	bool fails = dice_hits(&s->dice, 150);
	struct text t = { 0 };
	struct entry *e;

	add_id(&t, s, message);
	text_word(&t, fails ? "** " : "=> ");
	add_address(&t, s, s->recipients[recipient]);
	text_word(&t, " R=dnslookup T=remote_smtp H=mx.example.net "
	    "[198.51.100.7]");
	text_word(&t, exim_is_default(s) ? " " : ":25 ");
	if (fails) {
		text_word(&t, ": SMTP error from remote mail server after "
		    "RCPT TO:<");
		add_address(&t, s, s->recipients[recipient]);
		text_word(&t, ">: 550 5.1.1 no such user");
	} else {
		text_word(&t, "X=TLS1.3:TLS_AES_256_GCM_SHA384:256 CV=no "
		    "C=\"250 2.0.0 OK id=1\"");
	}
	e = told_note(s, DELIVERY, &t, fails ? 550 : 250,
	    fails ? "5.1.1" : "2.0.0", fails ? "no such user" : "OK id=1");
	e->verb = VERB_OTHER;
	e->message = message;
	e->recipient = recipient;
}

static void
complete(struct session *s, int32_t message, int32_t first, bool delivered)
{
	struct text t = { 0 };

	if (!delivered)
		return;
	for (int32_t r = first; r < (int32_t)s->nrecipients; r++)
		deliver(s, message, r);
	add_id(&t, s, message);
	text_word(&t, "Completed");
	told_note(s, DELIVERY, &t, 0, "", "");
}

/* By default the arrival does not say for whom. */
static void
accept_message(struct session *s, int32_t message)
{
	uint32_t n = 1 + dice_below(&s->dice, 3);
	int32_t first = (int32_t)s->nrecipients;
	struct text t = { 0 };
	struct entry *e;

	add_id(&t, s, message);
	text_word(&t, "<= ");
	if (s->messages[message].from.n)
		add_address(&t, s, s->messages[message].from);
	else
		text_word(&t, "<>");
	text_word(&t, " H=");
	add_source(&t, s, true);
	text_word(&t, s->user.n ? " P=esmtpsa X=TLS1.3:AES256:256 A=login:" :
	    " P=esmtp");
	if (s->user.n)
		text_piece(&t, s, s->user);
	text_word(&t, " S=");
	text_number(&t, s->messages[message].size);
	text_word(&t, " id=1@example.org");
	if (!exim_is_default(s))
		text_word(&t, " T=\"x for y\" for");
	for (uint32_t i = 0; i < n; i++) {
		/* Blanks part this list, so that none may be in it. */
		size_t at = s->text.n;
		struct piece to;

		text_word(&s->text, "u");
		text_number(&s->text, s->nrecipients);
		text_word(&s->text, "@example.net");
		to = piece_since(s, at);
		told_recipient(s, to);
		if (exim_is_default(s))
			continue;
		text_char(&t, ' ');
		text_piece(&t, s, to);
	}
	e = told_note(s, CHILD, &t, 2, "", "");
	e->verb = VERB_DATA;
	e->message = message;
	if (!exim_is_default(s)) {
		e->recipient = first;
		e->size = n;
	}
	complete(s, message, first, dice_hits(&s->dice, 800));
}

static void
refuse_text(struct session *s, int32_t message)
{
	struct text t = { 0 };
	struct entry *e;

	add_id(&t, s, message);
	text_word(&t, "H=");
	add_source(&t, s, true);
	text_word(&t, " F=<");
	add_address(&t, s, s->messages[message].from);
	text_word(&t, "> rejected after DATA: No such thing here");
	e = told_note(s, CHILD, &t, 5, "", "No such thing here");
	e->verb = VERB_BDAT;             /* a final refusal */
	e->message = message;
	e->final = e->last = true;
}

static void
make_message(struct session *s, uint32_t how)
{
	int32_t message = told_message(s, (struct piece){ 0, 0 });
	uint32_t refused = how == 2 ? 1 + dice_below(&s->dice, 2) :
	    dice_below(&s->dice, 3);

	s->messages[message].size = 500 + dice_below(&s->dice, 9000);
	if (!dice_hits(&s->dice, 50)) {
		struct piece from = told_mailbox(s, odd, COUNT(odd));

		s->messages[message].from = from;
	}
	for (uint32_t i = 0; i < refused; i++)
		refuse_recipient(s, message);
	if (how == 0)
		accept_message(s, message);
	else if (how == 1)
		refuse_text(s, message);
}

static void
say_connection(struct session *s, const char *before, bool greeted,
    const char *behind, enum entry_kind kind, enum exim_writer who, uint16_t code,
    const char *reason)
{
	struct text t = { 0 };
	struct entry *e;

	text_word(&t, before);
	add_source(&t, s, greeted);
	text_word(&t, behind);
	e = told_note(s, who, &t, code, "", reason);
	e->kind = kind;
	e->final = code == 535;
}

/* How it ends: s->sequence is 1 where the connection was lost amid a mail. */
static void
make_end(struct session *s, bool greeted)
{
	uint32_t kind = dice_below(&s->dice, 1000);
	enum exim_writer who = exim_is_default(s) ? NOBODY : CHILD;

	if (kind < 10)
		return;                  /* no end is seen */
	if (kind < 100 && s->nmessages) {
		s->sequence = 1;
		say_connection(s, "SMTP connection from ", greeted,
		    " lost while reading message data (header)", ENTRY_CLOSE,
		    CHILD, 0, "");
	} else if (kind < 200) {
		say_connection(s, "SMTP command timeout on connection from ",
		    greeted, " D=5m", ENTRY_CLOSE, CHILD, 421,
		    "SMTP command timeout");
	} else if (kind < 300 && exim_is_default(s) && s->nmessages) {
		/* Told by itself only of who leaves amid a mail. */
		s->sequence = 1;
		say_connection(s, "unexpected disconnection while reading SMTP "
		    "command from ", greeted, " D=1s", ENTRY_CLOSE, CHILD, 0,
		    "");
	} else {
		say_connection(s, "SMTP connection from ", greeted,
		    kind < 300 ? " lost D=1s" : " D=1s closed by QUIT",
		    ENTRY_CLOSE, who, 0, "");
		if (!s->nmessages)
			say_connection(s, "no MAIL in SMTP connection from ",
			    greeted, " D=1s C=EHLO,QUIT", ENTRY_NOTE, who, 0,
			    "");
	}
}

/*
 * Who it is.  What is known by address and HELO alone must be known by them:
 * each two connections have the address in common.
 */
static void
make_names(struct session *s, bool by_default)
{
	size_t at = s->text.n;

	if (by_default) {
		text_word(&s->text, "10.");
		text_number(&s->text, s->number / 2 / 65536);
		text_char(&s->text, '.');
		text_number(&s->text, s->number / 2 / 256 % 256);
		text_char(&s->text, '.');
		text_number(&s->text, s->number / 2 % 256);
		s->peer = piece_since(s, at);
	} else {
		session_peer(s);
	}
	s->port = by_default ? NOTHING :
	    1024 + (int)(s->number * 7919 % 64000);
	at = s->text.n;
	text_word(&s->text, "mail");
	text_number(&s->text, by_default ? s->number :
	    dice_below(&s->dice, 300));
	text_word(&s->text, ".example.org");
	s->helo = piece_since(s, at);
	if (dice_hits(&s->dice, 100))
		s->user = session_piece(s, "ann");
}

/* Turned away at once, which is told by the reject log alone. */
static void
turn_away(struct session *s, bool by_default)
{
	/* By its address alone it would be anybody's from there. */
	if (by_default) {
		size_t at = s->text.n;

		text_word(&s->text, "172.16.");
		text_number(&s->text, s->number / 256);
		text_char(&s->text, '.');
		text_number(&s->text, s->number % 256);
		s->peer = piece_since(s, at);
	}
	s->helo.n = 0;
	say_connection(s, "H=", false, " rejected connection in \"connect\" "
	    "ACL: 550 go away", ENTRY_NOTE, REJECTER, 550, "go away");
	say_connection(s, "SMTP connection from ", false, " closed by DROP in "
	    "ACL", ENTRY_CLOSE, by_default ? NOBODY : CHILD, 0, "");
}

static void
exim_make(void *state, struct session *s)
{
	const struct options *o = exim_options(state);
	bool by_default = o->kind == &log_exim_default;
	uint32_t messages = dice_below(&s->dice, 4);
	bool greeted = dice_hits(&s->dice, 900) || messages || by_default;

	s->inbound = true;
	s->next_began = by_default;   /* no end is waited for */
	make_names(s, by_default);
	say_connection(s, "SMTP connection from ", false,
	    " (TCP/IP connection count = 3)", ENTRY_OPEN,
	    by_default ? NOBODY : DAEMON, 0, "");
	if (o->folder && dice_hits(&s->dice, 30)) {
		turn_away(s, by_default);
		return;
	}
	if (greeted && dice_hits(&s->dice, 80) && !o->plain)
		say_connection(s, "login authenticator failed for ", true,
		    ": 535 Incorrect authentication data", ENTRY_NOTE, CHILD,
		    535, "Incorrect authentication data");
	if (dice_hits(&s->dice, 80) && !o->plain)
		say_connection(s, "SMTP syntax error in \"XY\" H=(z) [10.9.9.9]"
		    ":9 \" H=", greeted, " unrecognized command", ENTRY_NOTE,
		    by_default ? NOBODY : CHILD, 5,
		    "unrecognized command");
	for (uint32_t i = 0; i < messages; i++)
		make_message(s, o->plain ? 0 : dice_hits(&s->dice, 150) ?
		    1 : i + 1 == messages && dice_hits(&s->dice, 200) ? 2 : 0);
	make_end(s, greeted);
	/* No server has a thousand sessions a second for long. */
	for (size_t i = 0; o->folder && i < s->count; i++)
		s->entries[i].pause *= 8;
}

static void
exim_row(const struct session *s, struct text *t)
{
	told_peer(s, t, exim_is_default(s));
	/* Of others it may be told, or not. */
	if (s->nmessages || (exim_is_default(s) && s->helo.n)) {
		text_word(t, ",\"helo\":");
		text_json(t, piece_at(s, s->helo), s->helo.n);
	}
	text_word(t, ",\"port\":");
	if (exim_is_default(s))
		text_word(t, "null");
	else
		text_number(t, (uint64_t)s->port);
	told_mail(s, t);
}

const struct log_kind log_exim = {
	.name = "exim",
	.lf = true,
	.row = exim_row,
	.open = exim_open,
	.make = exim_make,
	.write = exim_write,
	.close = exim_close,
};

const struct log_kind log_exim_default = {
	.name = "exim-default",
	.lf = true,
	.row = exim_row,
	.open = exim_open,
	.make = exim_make,
	.write = exim_write,
	.close = exim_close,
};
