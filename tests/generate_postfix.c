/*
 * Logs of Postfix: what smtpd says of its clients, and the life of the
 * messages they brought in, which goes on when the connection is over.
 * Process ids are used again at once, queue ids are not.
 *
 * Such a log does not hold the dialogue, so sessions are made up as lines, and
 * beside each what it tells; what it does not tell is not in the truth.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_syslog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a line --------------------------------------------------------------- */

/* An entry of `daemon`; empties the text. */
static struct entry *
line(struct session *s, enum entry_kind kind, uint32_t pause,
    const char *daemon, struct text *t)
{
	int32_t at;

	text_char(t, '\0');
	at = say_entry(s, kind, pause, t->p, daemon);
	t->n = 0;
	return &s->entries[at];
}

static void
words(struct text *t, const char *const *list)
{
	while (*list)
		text_word(t, *list++);
}

#define WORDS(t, ...) words(t, (const char *const[]){ __VA_ARGS__, NULL })

/* --- what is remembered while a session is made up ------------------------- */

/* The reply that counts, as far as the log tells it. */
struct worst {
	unsigned code;           /* 4 or 5: no more than that; 0: none */
	const char *enhanced, *command;
};

struct making {
	struct session *s;
	struct text t;           /* the line in hand */
	struct text messages;    /* JSON */
	struct text recipients;  /* JSON, of the message in hand */
	struct text later;       /* recipients that were accepted, one a line */
	struct worst worst;
	char client[64];         /* name[address] */
	char from[64], queue[24];
	bool transaction, refused, dropped, over, tls, helo_told;
	bool all_refused;        /* of the message before: it has no queue id */
	bool unsettled;          /* how many messages there were */
	const char *missed;      /* verb that the disconnect counts as failed */
	unsigned mails, rcpts, rcpts_ok, datas, datas_ok, hellos, auths,
	    auths_ok, commands, commands_ok;
};

static void
take_worst(struct making *m, unsigned code, const char *enhanced,
    const char *command)
{
	unsigned class = code < 10 ? code : code / 100;
	unsigned before = m->worst.code < 10 ? m->worst.code :
	    m->worst.code / 100;

	/* A code says more than its class alone. */
	if (class >= 4 && (class > before || (class == before && code >= 10 &&
	    m->worst.code < 10)))
		m->worst = (struct worst){ code, enhanced, command };
}

static void
json_word(struct text *t, const char *name, const char *word)
{
	if (t->n && t->p[t->n - 1] != '{' && t->p[t->n - 1] != '[')
		text_char(t, ',');
	WORDS(t, "\"", name, "\":");
	if (word)
		text_json(t, word, strlen(word));
	else
		text_word(t, "null");
}

static void
json_code(struct text *t, const char *name, unsigned code)
{
	WORDS(t, ",\"", name, "\":");
	if (code < 10)
		text_word(t, "null");
	else
		text_number(t, code);
}

static void
recipient(struct making *m, const char *to, unsigned code,
    const char *enhanced)
{
	struct text *t = &m->recipients;

	text_word(t, t->n ? ",{" : "{");
	json_word(t, "to", to);
	json_code(t, "code", code);
	json_word(t, "enhanced", enhanced);
	text_char(t, '}');
}

/* The message in hand is complete. */
static void
message(struct making *m, const char *from, bool queued, unsigned size,
    const char *enhanced)
{
	struct text *t = &m->messages;

	text_word(t, t->n ? ",{" : "{");
	json_word(t, "from", from);
	if (size) {
		text_word(t, ",\"size\":");
		text_number(t, size);
	}
	json_word(t, "id", queued ? m->queue : NULL);
	text_word(t, ",\"code\":null");
	json_word(t, "enhanced", enhanced);
	text_word(t, ",\"recipients\":[");
	text_bytes(t, m->recipients.p, m->recipients.n);
	text_word(t, "]}");
	m->recipients.n = 0;
}

/* --- deliveries ----------------------------------------------------------- */

struct fate {
	const char *relay, *dsn, *status, *text;
	unsigned code;
	const char *enhanced, *command;
	bool again;              /* another attempt follows */
};

static const struct fate sent[] = {
	{ "mx.example.net[192.0.2.9]:25", "2.0.0", "sent",
	    "250 2.0.0 Ok: queued as 4Xz8", 250, "2.0.0", NULL, false },
	{ "mx.example.net[2001:db8::9]:25", "2.0.0", "sent",
	    "250 OK id=1abc", 250, "2.0.0", NULL, false },
	{ "local", "2.0.0", "sent", "delivered to mailbox", 0, "2.0.0", NULL,
	    false },
};

static const struct fate failed[] = {
	{ "mx.example.net[192.0.2.9]:25", "5.1.1", "bounced",
	    "host mx.example.net[192.0.2.9] said: 550 5.1.1 <nobody>: unknown "
	    "(in reply to RCPT TO command)", 550, "5.1.1", "RCPT TO", false },
	{ "mx.example.net[192.0.2.9]:25", "5.0.0", "bounced",
	    "host mx.example.net[192.0.2.9] said: 554 no (in reply to DATA "
	    "command) (in reply to end of DATA command)", 554, NULL,
	    "end of DATA", false },
	{ "none", "5.4.4", "bounced", "Host or domain name not found. Name "
	    "service error for name=x.example type=A: Host not found", 5,
	    "5.4.4", NULL, false },
	{ "none", "4.4.1", "deferred", "connect to mx.example.net[192.0.2.9]:"
	    "25: Connection timed out", 4, "4.4.1", "CONNECT", true },
	{ "mx.example.net[192.0.2.9]:25", "4.2.0", "deferred",
	    "host mx.example.net[192.0.2.9] said: 450 4.2.0 later (in reply "
	    "to RCPT TO command)", 450, "4.2.0", "RCPT TO", true },
	{ "mx.example.net[192.0.2.9]:25", "4.4.2", "deferred",
	    "lost connection with mx.example.net[192.0.2.9] while sending "
	    "end of data -- message may be sent more than once", 4, "4.4.2",
	    "DATA", true },
};

static void
attempt(struct making *m, const char *to, const struct fate *f)
{
	WORDS(&m->t, m->queue, ": to=<", to, ">, relay=", f->relay,
	    ", delay=0.5, delays=0.1/0/0.2/0.2, dsn=", f->dsn, ", status=",
	    f->status, " (", f->text, ")");
	line(m->s, ENTRY_NOTE, 20 + dice_below(&m->s->dice, 900),
	    strcmp(f->relay, "local") == 0 ? "local" : "smtp", &m->t);
	take_worst(m, f->code, f->enhanced, f->command);
}

static void
active(struct making *m, const char *from, unsigned size, unsigned nrcpt)
{
	char text[48];

	snprintf(text, sizeof text, ">, size=%u, nrcpt=%u (queue active)",
	    size, nrcpt);
	WORDS(&m->t, m->queue, ": from=<", from, text);
	line(m->s, ENTRY_NOTE, 2 + dice_below(&m->s->dice, 20), "qmgr", &m->t);
}

static void
deliver(struct making *m, const char *from, const char *to, unsigned size)
{
	const struct fate *f = &sent[dice_below(&m->s->dice, COUNT(sent))];

	if (dice_hits(&m->s->dice, 150))
		f = &failed[dice_below(&m->s->dice, COUNT(failed))];
	attempt(m, to, f);
	if (f->again) {
		active(m, from, size, 1);
		f = &sent[dice_below(&m->s->dice, COUNT(sent))];
		attempt(m, to, f);
	}
	recipient(m, to, f->code, f->enhanced);
}

static void
removed(struct making *m)
{
	WORDS(&m->t, m->queue, ": removed");
	line(m->s, ENTRY_NOTE, 1, "qmgr", &m->t);
}

/* From the queue to the end of all its recipients. */
static void
live(struct making *m, const char *from, unsigned nrcpt)
{
	unsigned size = 300 + dice_below(&m->s->dice, 90000);
	char *to = m->later.p;

	active(m, from, size, nrcpt);
	for (unsigned i = 0; i < nrcpt; i++) {
		deliver(m, from, to, size);
		to += strlen(to) + 1;
	}
	removed(m);
	message(m, from, true, size, NULL);
}

/* --- a transaction -------------------------------------------------------- */

struct refusal {
	unsigned code;
	const char *enhanced, *text;
};

static const struct refusal refusals[] = {
	{ 550, "5.1.1", "Recipient address rejected: User unknown" },
	{ 554, "5.7.1", "Relay access denied" },
	{ 450, "4.7.1", "Client host rejected: cannot find your hostname" },
	{ 451, "4.3.5", "Server configuration error" },
};

/* Names that strangers may give themselves. */
static const char *const hellos[] = { "mail.example.org", "[192.0.2.7]",
	"x: 250 2.0.0 Ok: queued as FAKE1", "h; from=<f@g> to=<t@u>",
	"ylmf-pc" };

static void
refuse(struct making *m, const char *to, bool queued)
{
	const struct refusal *r = &refusals[dice_below(&m->s->dice,
	    COUNT(refusals))];
	char code[8];

	snprintf(code, sizeof code, "%u ", r->code);
	WORDS(&m->t, queued ? m->queue : "NOQUEUE", ": reject: RCPT from ",
	    m->client, ": ", code, r->enhanced, " <", to, ">: ", r->text,
	    "; from=<", m->from, "> to=<", to, "> proto=ESMTP helo=<",
	    hellos[m->hellos - 1], ">");
	line(m->s, ENTRY_NOTE, 5 + dice_below(&m->s->dice, 90), "smtpd", &m->t);
	m->helo_told = true;
	take_worst(m, r->code, r->enhanced, "RCPT");
	recipient(m, to, r->code, r->enhanced);
}

static void
begin_message(struct making *m)
{
	WORDS(&m->t, m->queue, ": client=", m->client);
	line(m->s, ENTRY_NOTE, 5 + dice_below(&m->s->dice, 90), "smtpd", &m->t);
}

static void
name_message(struct making *m, unsigned n)
{
	snprintf(m->queue, sizeof m->queue, "%010llXF",
	    (unsigned long long)m->s->number * 64 + n);
	snprintf(m->from, sizeof m->from, "from%u.%u@example.org", n,
	    (unsigned)(m->s->number % 1000));
}

/* The text was refused by a filter. */
static void
refuse_text(struct making *m)
{
	WORDS(&m->t, m->queue, ": milter-reject: END-OF-MESSAGE from ",
	    m->client, ": 5.7.1 no such thing here; from=<", m->from,
	    "> proto=ESMTP helo=<", hellos[m->hellos - 1], ">");
	line(m->s, ENTRY_NOTE, 30, "cleanup", &m->t);
	m->helo_told = true;
	take_worst(m, 5, "5.7.1", "DATA");
	message(m, m->from, true, 0, "5.7.1");
}

static void
lose_text(struct making *m, bool told_from)
{
	WORDS(&m->t, "lost connection after DATA (512 bytes) from ", m->client);
	line(m->s, ENTRY_NOTE, 40, "smtpd", &m->t);
	m->dropped = m->over = true;
	/*
	 * Of this message the log has a queue id and no sender.  Behind one
	 * whose recipients were all refused it reads like the rest of that
	 * one: NOQUEUE until the first recipient is accepted, then the id.
	 */
	m->unsettled = m->all_refused && !told_from;
	message(m, told_from ? m->from : NULL, true, 0, NULL);
}

/* Recipients; how many were accepted. */
static unsigned
recipients(struct making *m, bool *told_from)
{
	unsigned n = 1 + (dice_hits(&m->s->dice, 200) ?
	    dice_below(&m->s->dice, 5) : 0), good = 0;
	bool all_bad = dice_hits(&m->s->dice, 120);

	*told_from = false;
	m->later.n = 0;
	for (unsigned i = 0; i < n; i++) {
		char to[64];

		snprintf(to, sizeof to, "to%u.%u@example.net", i,
		    dice_below(&m->s->dice, 5000));
		m->rcpts++;
		if (all_bad || dice_hits(&m->s->dice, 60)) {
			refuse(m, to, good > 0);
			*told_from = true;
			continue;
		}
		if (good++ == 0)
			begin_message(m);
		text_bytes(&m->later, to, strlen(to) + 1);
	}
	m->rcpts_ok += good;
	return good;
}

static void
transaction(struct making *m, unsigned n)
{
	bool told_from;
	unsigned good;

	name_message(m, n);
	m->mails++;
	m->transaction = true;
	good = recipients(m, &told_from);
	if (good == 0) {
		m->all_refused = true;
		message(m, m->from, false, 0, NULL);
		return;
	}
	m->datas++;
	if (dice_hits(&m->s->dice, 30)) {
		lose_text(m, told_from);
		return;
	}
	WORDS(&m->t, m->queue, ": message-id=<", m->queue, "@example.org>");
	line(m->s, ENTRY_NOTE, 10, "cleanup", &m->t);
	if (dice_hits(&m->s->dice, 30)) {
		m->all_refused = false;
		refuse_text(m);
		return;
	}
	m->datas_ok++;
	m->all_refused = false;
	live(m, m->from, good);
}

/* --- a connection --------------------------------------------------------- */

static void
count(struct making *m, const char *name, unsigned good, unsigned all)
{
	char text[48];

	if (!all)
		return;
	if (good == all)
		snprintf(text, sizeof text, " %s=%u", name, all);
	else
		snprintf(text, sizeof text, " %s=%u/%u", name, good, all);
	text_word(&m->t, text);
	m->commands += all;
	m->commands_ok += good;
}

static void
disconnect(struct making *m)
{
	char all[40];

	WORDS(&m->t, "disconnect from ", m->client);
	count(m, "ehlo", m->hellos > 0, m->hellos > 0);
	count(m, "starttls", m->tls, m->tls);
	count(m, "auth", m->auths_ok, m->auths);
	count(m, "mail", m->mails, m->mails + (m->missed != NULL));
	count(m, "rcpt", m->rcpts_ok, m->rcpts);
	count(m, "data", m->datas_ok, m->datas);
	count(m, "quit", !m->over, !m->over);
	if (m->commands_ok == m->commands && m->commands)
		snprintf(all, sizeof all, " commands=%u", m->commands);
	else
		snprintf(all, sizeof all, " commands=%u/%u", m->commands_ok,
		    m->commands);
	text_word(&m->t, all);
	line(m->s, ENTRY_CLOSE, 3, "smtpd", &m->t);
}

/* Somebody who tries passwords. */
static void
guess_password(struct making *m)
{
	WORDS(&m->t, "warning: ", m->client,
	    ": SASL LOGIN authentication failed: UGFzc3dvcmQ6");
	line(m->s, ENTRY_NOTE, 1000, "smtpd", &m->t);
	m->auths++;
	take_worst(m, 5, NULL, "AUTH");
}

/* Comes, says hello perhaps, and is gone. */
static void
vanish(struct making *m)
{
	WORDS(&m->t, "lost connection after ", m->hellos ? "EHLO" : "CONNECT",
	    " from ", m->client);
	line(m->s, ENTRY_NOTE, 30, "smtpd", &m->t);
	m->over = true;
}

static void
time_out(struct making *m)
{
	WORDS(&m->t, "timeout after ", m->mails ? "END-OF-MESSAGE" : "EHLO",
	    " from ", m->client);
	line(m->s, ENTRY_NOTE, 300000, "smtpd", &m->t);
	take_worst(m, 421, NULL, NULL);
	m->over = true;
}

static void
connect(struct making *m)
{
	uint32_t n = dice_below(&m->s->dice, 1 << 24);

	snprintf(m->client, sizeof m->client, "%s[10.%u.%u.%u]",
	    n % 3 ? "unknown" : "a.example", n >> 16, n >> 8 & 255, n & 255);
	m->s->peer = session_piece(m->s, strchr(m->client, '[') + 1);
	m->s->peer.n--;
	if (dice_hits(&m->s->dice, 50)) {
		text_word(&m->t, "warning: hostname a.example does not "
		    "resolve to address 10.0.0.1");
		line(m->s, ENTRY_NOTE, 0, "smtpd", &m->t);
	}
	WORDS(&m->t, "connect from ", m->client);
	line(m->s, ENTRY_OPEN, 0, "smtpd", &m->t);
	m->hellos = dice_hits(&m->s->dice, 950) ?
	    1 + dice_below(&m->s->dice, COUNT(hellos)) : 0;
	m->tls = m->hellos && dice_hits(&m->s->dice, 300);
	if (!m->tls)
		return;
	WORDS(&m->t, "Anonymous TLS connection established from ", m->client,
	    ": TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)");
	line(m->s, ENTRY_TLS, 20, "smtpd", &m->t);
}

static void
inbound(struct making *m)
{
	unsigned n = dice_hits(&m->s->dice, 900) ? 1 :
	    dice_below(&m->s->dice, 4);

	connect(m);
	if (m->hellos == 0 || dice_hits(&m->s->dice, 60)) {
		vanish(m);
	} else if (dice_hits(&m->s->dice, 60)) {
		guess_password(m);
	} else {
		if (dice_hits(&m->s->dice, 40)) {
			m->missed = "MAIL";
			m->transaction = m->refused = true;
		}
		for (unsigned i = 0; i < n && !m->over; i++)
			transaction(m, i);
		if (!m->over && dice_hits(&m->s->dice, 20))
			time_out(m);
	}
	disconnect(m);
}

/* A message that no connection brought in. */
static void
outbound(struct making *m)
{
	char to[64];

	name_message(m, 0);
	WORDS(&m->t, m->queue, ": uid=0 from=<", m->from, ">");
	line(m->s, ENTRY_OPEN, 0, "pickup", &m->t);
	WORDS(&m->t, m->queue, ": message-id=<", m->queue, "@example.org>");
	line(m->s, ENTRY_NOTE, 10, "cleanup", &m->t);
	snprintf(to, sizeof to, "to.%u@example.net",
	    dice_below(&m->s->dice, 5000));
	m->later.n = 0;
	text_bytes(&m->later, to, strlen(to) + 1);
	m->transaction = true;
	live(m, m->from, 1);
}

/* --- what the log tells --------------------------------------------------- */

static const char *
outcome_of(const struct making *m)
{
	unsigned code = m->worst.code;

	if (code)
		return code == 5 || code >= 500 ? "permanent" : "temporary";
	return m->refused ? "refused" : m->dropped ? "dropped" :
	    m->transaction ? "ok" : "empty";
}

/* All but lines and times, kept with the session. */
static void
keep_truth(struct making *m)
{
	struct text *t = &m->t;
	struct session *s = m->s;

	t->n = 0;
	text_char(t, '{');
	json_word(t, "direction", s->inbound ? "in" : "out");
	if (s->inbound) {
		text_word(t, ",\"peer\":");
		text_json(t, piece_at(s, s->peer), s->peer.n);
		json_word(t, "helo", m->helo_told ? hellos[m->hellos - 1] :
		    NULL);
		text_word(t, ",\"commands\":");
		text_number(t, m->commands);
	}
	json_word(t, "tls", m->tls ? "TLSv1.3 TLS_AES_256_GCM_SHA384" : NULL);
	json_word(t, "outcome", outcome_of(m));
	json_code(t, "worst", m->worst.code);
	json_word(t, "worst_enhanced", m->worst.enhanced);
	/* Of a refusal and a loss either may be named. */
	if (m->worst.code || !m->refused || !m->dropped)
		json_word(t, "failed_command", m->worst.code ?
		    m->worst.command : m->refused ? m->missed :
		    m->dropped ? "DATA" : NULL);
	if (!m->unsettled) {
		text_word(t, ",\"messages\":[");
		text_bytes(t, m->messages.p, m->messages.n);
		text_char(t, ']');
	}
	text_char(t, '\0');
	/* Not through a template: addresses may hold anything. */
	s->connector.at = (uint32_t)s->text.n;
	s->connector.n = (uint32_t)t->n - 2;
	text_bytes(&s->text, t->p + 1, t->n - 1);
}

static void
postfix_row(const struct session *s, struct text *t)
{
	bool utc_ms = s->rows, zoned = utc_ms || s->clocked;
	int64_t start = s->entries[0].time, end = start;

	for (size_t i = 0; i < s->count; i++)
		if (!s->inbound || s->entries[i].kind == ENTRY_CLOSE)
			end = s->entries[i].time;
	text_word(t, ",\"start\":\"");
	text_iso(t, start - s->clock, utc_ms);
	text_word(t, zoned ? "Z\",\"end\":\"" : "\",\"end\":\"");
	text_iso(t, end - s->clock, utc_ms);
	text_word(t, zoned ? "Z\",\"duration_ms\":" : "\",\"duration_ms\":");
	text_number(t, (uint64_t)(utc_ms ? end - start :
	    (end / 1000 - start / 1000) * 1000));
	text_char(t, ',');
	text_piece(t, s, s->connector);
}

static void
postfix_make(void *state, struct session *s)
{
	struct making m = { .s = s };

	s->rows = postfix_log_is_zoned(state);
	s->inbound = !dice_hits(&s->dice, 60);
	if (s->inbound)
		inbound(&m);
	else
		outbound(&m);
	keep_truth(&m);
	text_free(&m.t);
	text_free(&m.messages);
	text_free(&m.recipients);
	text_free(&m.later);
}

/* --- the file ------------------------------------------------------------- */

static void
postfix_write(void *state, struct session *s, size_t at, bool visible)
{
	struct entry *e = &s->entries[at];

	if (!visible)
		return;
	postfix_log_begin(state, s, e->time, piece_at(s, e->context),
	    e->context.n);
	text_bytes(postfix_log_text(state), piece_at(s, e->text), e->text.n);
	e->line = postfix_log_end(state, s);
	if (e->kind == ENTRY_CLOSE)
		postfix_log_free(state, s);
}

const struct log_kind log_postfix = {
	.name = "postfix",
	.lf = true,
	.zoned = true,
	.open = postfix_log_open,
	.make = postfix_make,
	.write = postfix_write,
	.row = postfix_row,
	.close = postfix_log_close,
};
