/*
 * Scripts of SMTP sessions: from the well behaved to the scanner.
 */
#include "config.h"

#include "generate_script.h"

#include <string.h>

static const struct verdict *
one_of(struct session *s, const struct verdicts *v)
{
	return &v->list[dice_below(&s->dice, (uint32_t)v->n)];
}

static void
remark(struct session *s, enum entry_kind kind, const struct remark *r)
{
	if (r->text)
		say_entry(s, kind, dice_below(&s->dice, 4), r->text,
		    r->context);
}

static int32_t
ask(struct session *s, enum verb verb, const char *template,
    const struct verdict *v)
{
	int32_t command = say_command(s, verb, template);

	say_reply(s, command, v);
	return command;
}

/* --- hello, TLS, AUTH ----------------------------------------------------- */

static void
hello(struct session *s, const struct dialect *d)
{
	if (dice_hits(&s->dice, 80)) {
		ask(s, VERB_HELLO, dice_hits(&s->dice, 200) ? "helo $H" :
		    "HELO $H", &d->hello);
		return;
	}
	ask(s, VERB_HELLO, "EHLO $H",
	    s->rows ? &d->hello_rows : &d->hello_one_row);
}

static void
start_tls(struct session *s, const struct dialect *d)
{
	bool hub = d->certificate.text && dice_hits(&s->dice, 60);

	if (dice_hits(&s->dice, 40)) {
		ask(s, VERB_TLS, "STARTTLS", &d->tls_off);
		return;
	}
	ask(s, VERB_TLS, hub ? "X-ANONYMOUSTLS" : "STARTTLS", &d->tls_go);
	remark(s, ENTRY_NOTE, &d->certificate);
	remark(s, ENTRY_TLS, &d->tls_note);
	hello(s, d);
}

static void
secret(struct session *s, const struct dialect *d, const char *word)
{
	if (d->secrets)
		say_entry(s, ENTRY_SECRET, 5 + dice_below(&s->dice, 90), word,
		    "");
}

static int32_t
say_auth(struct session *s, const struct dialect *d)
{
	int32_t command;

	if (!d->secrets || dice_hits(&s->dice, 600))
		return say_command(s, VERB_AUTH,
		    dice_hits(&s->dice, 900) ? "AUTH LOGIN" : "auth login");
	command = say_command(s, VERB_AUTH,
	    "AUTH NTLM TlRMTVNTUAABAAAAt5IAQAcABwAgAAAA");
	s->entries[command].words = session_piece(s, "AUTH NTLM [hidden]");
	return command;
}

/* Answers that look like something else: AUTH data may be any base64. */
static void
authenticate(struct session *s, const struct dialect *d, bool good)
{
	static const char *const secrets[] = { "dXNlckBleGFtcGxlLmNvbQ==",
		"c2VjcmV0", "UVVJVA==", "QUIT", "*", "MAIL" };
	int32_t command = say_auth(s, d);

	if (!good && dice_hits(&s->dice, 200)) {
		say_reply(s, command, &d->auth_off);
		return;
	}
	say_reply(s, command, &d->auth_go);
	secret(s, d, secrets[dice_below(&s->dice, COUNT(secrets))]);
	say_reply(s, command, &d->auth_go);
	secret(s, d, secrets[dice_below(&s->dice, COUNT(secrets))]);
	if (!good) {
		remark(s, ENTRY_NOTE, &d->failed_note);
		say_reply(s, command, one_of(s, &d->auth_bad));
		return;
	}
	remark(s, ENTRY_USER, &d->user_note);
	say_reply(s, command, &d->auth_fine);
}

/* --- a message ------------------------------------------------------------ */

#define RECIPIENTS_MAX 40

/* What will become of it. */
struct fate {
	const struct verdict *mail;              /* NULL: accepted */
	const struct verdict *rcpt[RECIPIENTS_MAX];
	uint32_t recipients, accepted;
	const struct verdict *text;              /* NULL: accepted */
};

static void
decide_recipients(struct session *s, const struct dialect *d, struct fate *f)
{
	uint32_t kind = dice_below(&s->dice, 1000);
	const struct verdict *same = NULL;

	f->recipients = dice_hits(&s->dice, 850) ? 1 :
	    2 + dice_below(&s->dice, dice_hits(&s->dice, 50) ? 38 : 3);
	if (kind < 35)                           /* all refused for now */
		same = one_of(s, &d->rcpt_later);
	else if (kind < 60)                      /* all refused for good */
		same = one_of(s, &d->rcpt_bad);
	for (uint32_t i = 0; i < f->recipients; i++)
		f->rcpt[i] = same;
	if (kind >= 80 && kind < 105)            /* one of them */
		f->rcpt[dice_below(&s->dice, f->recipients)] =
		    one_of(s, &d->rcpt_bad);
	if (kind >= 125 && kind < 140)           /* too many of them */
		for (uint32_t i = f->recipients / 2; i < f->recipients; i++)
			f->rcpt[i] = &d->rcpt_later.list[0];
	if (kind >= 140 && kind < 146)           /* as it comes */
		for (uint32_t i = 0; i < f->recipients; i++)
			f->rcpt[i] = dice_hits(&s->dice, 400) ? NULL :
			    one_of(s, dice_hits(&s->dice, 500) ?
			    &d->rcpt_bad : &d->rcpt_later);
	for (uint32_t i = 0; i < f->recipients; i++)
		f->accepted += f->rcpt[i] == NULL;
}

static void
decide(struct session *s, const struct dialect *d, struct fate *f)
{
	*f = (struct fate){ 0 };
	decide_recipients(s, d, f);
	if (dice_hits(&s->dice, 10))
		f->mail = one_of(s, &d->mail_bad);
	if (dice_hits(&s->dice, 18))
		f->text = one_of(s, &d->text_bad);
}

static struct message *
new_message(struct session *s)
{
	struct message *m;

	s->messages = vector_room(s->messages, &s->messages_cap,
	    s->nmessages + 1, sizeof *s->messages);
	m = &s->messages[s->nmessages++];
	s->from = dice_hits(&s->dice, 40) ? session_piece(s, "") : session_mailbox(s);
	s->size = 800 + dice_below(&s->dice, 90000);
	s->id = 1000000 + dice_next(&s->dice) % 90000000;
	*m = (struct message){ .from = s->from, .size = s->size };
	return m;
}

static void
say_mail(struct session *s, const struct dialect *d, const struct fate *f,
    bool chunked)
{
	static const char *const sized[] = { "MAIL FROM:<$F> SIZE=$Z",
		"MAIL FROM:<$F> SIZE=$Z BODY=8BITMIME",
		"MAIL From:<$F> SIZE=$Z RET=FULL ENVID=QQ314159",
		"MAIL FROM: <$F> SIZE=$Z" };
	static const char *const plain[] = { "MAIL FROM:<$F>",
		"mail from:<$F>", "MAIL FROM: <$F> BODY=7BIT",
		"MAIL FROM:<@a.example.net,@b.example.net:$F>" };
	struct message *m = new_message(s);
	bool null = m->from.n == 0;
	const char *template;
	int32_t command;

	m->has_size = !chunked && dice_hits(&s->dice, 650);
	template = m->has_size ? sized[dice_below(&s->dice, COUNT(sized))] :
	    dice_hits(&s->dice, 700) ? plain[0] :
	    plain[dice_below(&s->dice, null ? 3 : 4)];
	remark(s, ENTRY_NOTE, &d->before_mail);
	command = say_command(s, VERB_MAIL, template);
	remark(s, ENTRY_NOTE, &d->after_mail);
	say_reply(s, command, f->mail ? f->mail : &d->mail_fine);
}

static void
say_rcpt(struct session *s, const struct verdict *v)
{
	static const char *const odd[] = { "rcpt to:<$T>", "RCPT TO: <$T>",
		"RCPT TO:<$T> NOTIFY=FAILURE,DELAY",
		"RCPT TO:<$T> ORCPT=rfc822;$T", "Rcpt To:<$T>",
		"RCPT TO:<@relay.example.net:$T>" };

	s->to = session_mailbox(s);
	s->recipients = vector_room(s->recipients, &s->recipients_cap,
	    s->nrecipients + 1, sizeof *s->recipients);
	s->recipients[s->nrecipients++] = s->to;
	ask(s, VERB_RCPT, dice_hits(&s->dice, 850) ? "RCPT TO:<$T>" :
	    odd[dice_below(&s->dice, COUNT(odd))], v);
}

/* The reply that closes a message; its id, where it plainly names one. */
static void
say_text_verdict(struct session *s, const struct dialect *d, int32_t command,
    const struct fate *f)
{
	struct message *m = &s->messages[s->nmessages - 1];
	const struct verdict *v = f->text ? f->text : one_of(s, &d->queued);

	say_reply(s, command, v);
	s->entries[s->count - 1].pause += dice_below(&s->dice, 400);
	if (strstr(v->words, "InternalId=") || strstr(v->words, "queued as"))
		m->id = session_expand(s, "$I");
}

static void
say_chunks(struct session *s, const struct dialect *d, const struct fate *f)
{
	uint32_t chunks = 1 + dice_below(&s->dice, 3);
	int32_t command;
	uint32_t whole = s->size;

	for (uint32_t i = 0; i + 1 < chunks; i++) {
		s->size = 512 + dice_below(&s->dice, 4096);
		command = say_command(s, VERB_BDAT, "BDAT $Z");
		s->entries[command].size = s->size;
		say_reply(s, command, &d->chunk);
	}
	s->size = whole;
	command = say_command(s, VERB_BDAT, "BDAT $Z LAST");
	s->entries[command].size = s->size;
	s->entries[command].last = true;
	say_text_verdict(s, d, command, f);
}

static void
say_data(struct session *s, const struct dialect *d, const struct fate *f)
{
	int32_t command = say_command(s, VERB_DATA,
	    dice_hits(&s->dice, 970) ? "DATA" : "data");
	bool go = !f->mail && f->accepted;

	say_reply(s, command, go ? &d->data_go : f->mail ?
	    &d->out_of_order : &d->text_none);
	say_held_back(s);
	s->pipelined = false;
	if (!go)
		return;
	if (d->text)
		d->text(s);
	if (dice_hits(&s->dice, 30))
		remark(s, ENTRY_NOTE, &d->tarpit);
	say_text_verdict(s, d, command, f);
}

/* One mail transaction; a client gives up where all was refused. */
static void
message(struct session *s, const struct dialect *d)
{
	bool chunked = d->chunking && dice_hits(&s->dice, 120);
	struct fate f;

	decide(s, d, &f);
	s->pipelined = dice_hits(&s->dice, 180) && !s->one_by_one;
	say_mail(s, d, &f, chunked);
	if (f.mail && !s->pipelined)
		return;
	for (uint32_t i = 0; i < f.recipients; i++)
		say_rcpt(s, f.mail ? &d->out_of_order :
		    f.rcpt[i] ? f.rcpt[i] : &d->rcpt_fine);
	if (s->pipelined && !chunked) {
		say_data(s, d, &f);
		return;
	}
	say_held_back(s);
	s->pipelined = false;
	if (f.mail || (!f.accepted && dice_hits(&s->dice, 800)))
		return;
	if (chunked && f.accepted)
		say_chunks(s, d, &f);
	else
		say_data(s, d, &f);
}

/* --- whole sessions ------------------------------------------------------- */

static void
scanner(struct session *s, const struct dialect *d)
{
	static const char *const junk[] = { "GET / HTTP/1.1",
		"Host: 192.0.2.25:25", "OPTIONS / RTSP/1.0",
		"\x16\x03\x01\x02", "SSH-2.0-Go", "XFOO \"bar\", baz",
		"\x1b[2J\x1b[H", "{\"id\":1,\"method\":\"login\"}",
		"550 5.7.1 spoofed reply", "250 OK", "mstshash=Administr",
		"\x80\x81\x82\x83", "RCPT", "DATA", "BDAT x LAST",
		"<script>alert(1)</script>", "a\"b\"\"c" };
	uint32_t n = dice_below(&s->dice, 5);
	int32_t asked[5];

	s->pipelined = dice_hits(&s->dice, 400) && !s->one_by_one;
	for (uint32_t i = 0; i < n; i++) {
		asked[i] = say_command(s, VERB_OTHER,
		    junk[dice_below(&s->dice, COUNT(junk))]);
		say_reply(s, asked[i], one_of(s, &d->unknown));
	}
	say_held_back(s);
	s->pipelined = false;
}

static void
password_guesser(struct session *s, const struct dialect *d)
{
	uint32_t tries = 1 + dice_below(&s->dice, 3);

	hello(s, d);
	for (uint32_t i = 0; i < tries; i++)
		authenticate(s, d, false);
}

static void
asides(struct session *s, const struct dialect *d)
{
	if (dice_hits(&s->dice, 10))
		ask(s, VERB_OTHER, "NOOP", &d->done);
	if (dice_hits(&s->dice, 6))
		ask(s, VERB_OTHER, "XVERB unheard of, \"really\"",
		    one_of(s, &d->unknown));
	if (dice_hits(&s->dice, 4))
		ask(s, VERB_OTHER, "VRFY postmaster", &d->done);
}

static void
mailer(struct session *s, const struct dialect *d)
{
	uint32_t messages = dice_hits(&s->dice, 950) ? 1 :
	    1 + dice_below(&s->dice, 5);

	hello(s, d);
	if (d->tls_go.code && dice_hits(&s->dice, 60))
		start_tls(s, d);
	if (d->auth_go.code && dice_hits(&s->dice, 50))
		authenticate(s, d, true);
	asides(s, d);
	for (uint32_t i = 0; i < messages; i++) {
		if (i && dice_hits(&s->dice, 500))
			ask(s, VERB_RSET, "RSET", &d->done);
		message(s, d);
	}
	if (dice_hits(&s->dice, 950))
		ask(s, VERB_QUIT, dice_hits(&s->dice, 980) ? "QUIT" : "quit",
		    &d->bye);
}

void
script_dialogue(struct session *s, const struct dialect *d)
{
	uint32_t kind = dice_below(&s->dice, 1000);

	if (kind < 6) {
		say_reply(s, NOTHING, one_of(s, &d->unwelcome));
		return;
	}
	if (d->greetings.n)
		say_reply(s, NOTHING, one_of(s, &d->greetings));
	if (d->junk && kind < 25)
		return;                          /* came and went */
	if (d->junk && kind < 40)
		scanner(s, d);
	else if (d->junk && kind < 55)
		password_guesser(s, d);
	else if (d->junk && kind < 200)          /* a monitor looks in */
		ask(s, VERB_QUIT, "QUIT", &d->bye);
	else
		mailer(s, d);
}

void
script_cut(struct session *s, size_t least, bool whole)
{
	size_t keep = least;

	if (s->count <= least)
		return;
	keep += dice_below(&s->dice, (uint32_t)(s->count - least));
	while (whole && keep < s->count && s->entries[keep].kind == ENTRY_MORE)
		keep++;
	s->count = keep;
}

/* --- the connection, where the log has words for it ----------------------- */

void
script_attempt(struct session *s)
{
	if (dice_hits(&s->dice, 600))
		say_entry(s, ENTRY_NOTE, 0, "SendRoutingHeaders",
		    "Set Session Permissions");
	say_entry(s, ENTRY_ATTEMPT, 0, "", "attempting to connect");
}

bool
script_attempt_fails(struct session *s)
{
	uint32_t kind = dice_below(&s->dice, 1000);

	if (kind < 40)
		say_entry(s, ENTRY_CLOSE, 21000, "", "Failed to connect. "
		    "Winsock error code: 10060, Win32 error code: 10060, Error "
		    "Message: A connection attempt failed because the connected "
		    "party did not properly respond after a period of time");
	return kind < 43;
}

void
script_close(struct session *s, bool lost)
{
	static const char *const ways[] = { "Remote(ConnectionReset)",
		"Remote(SocketError)", "Remote", "Local" };

	say_entry(s, ENTRY_CLOSE, dice_below(&s->dice, 5), "",
	    ways[dice_below(&s->dice, 2) + (lost ? 0 : 2)]);
}
