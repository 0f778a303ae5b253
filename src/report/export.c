/*
 * The table of exported facts.  What a fact is worth is said here, how it is
 * written down in json.c and csv.c.
 */
#include "config.h"

#include "report/export.h"

#include "index/shown.h"
#include "report/put.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

void
export_context_init(struct export_context *c, bool secrets)
{
	*c = (struct export_context){ .secrets = secrets };
}

void
export_context_free(struct export_context *c)
{
	buf_free(&c->text);
	buf_free(&c->tmp);
}

void
export_worst(const struct facts *f, struct worst_reply *w)
{
	const struct fact_reply *r = f->worst < f->nreplies ?
	    &f->replies[f->worst] : NULL;

	*w = (struct worst_reply){ 0 };
	/* The record knows it even where the text can no longer be read. */
	if (reply_class(f->rec.worst) >= 4) {
		w->code = f->rec.worst;
		w->enhanced = f->rec.enhanced;
	}
	if (r && reply_class(r->code) >= 4) {
		w->code = r->code;
		w->enhanced = r->enhanced;
		w->text = r->text;
	}
}

struct slice
export_failed_command(const struct facts *f, bool secrets, struct buf *tmp)
{
	enum smtp_verb verb;

	if (!f->failed_command.p)
		return SLICE_NONE;
	for (size_t i = 0; i < f->nlines; i++)
		if (f->lines[i].role == ROLE_COMMAND &&
		    f->lines[i].text.p == f->failed_command.p)
			return fact_line_text(f, &f->lines[i], secrets, tmp);
	/* A line that cannot be told from others keeps its verb alone. */
	verb = verb_parse(f->failed_command, NULL);
	if (!secrets && (verb == VERB_AUTH || verb == VERB_XEXPS))
		return slice_of(verb_name(verb));
	return f->failed_command;
}

/* --- ways to set a value -------------------------------------------------- */

static void
set_number(struct export_value *v, uint64_t number)
{
	v->kind = EXPORT_NUMBER;
	v->number = number;
}

static void
set_text(struct export_value *v, struct slice text)
{
	v->kind = text.p ? EXPORT_TEXT : EXPORT_NULL;
	v->text = text;
}

static void
set_buf(struct export_value *v, struct export_context *c)
{
	v->kind = EXPORT_TEXT;
	v->text = c->text.p ? buf_slice(&c->text) : (struct slice){ "", 0 };
}

static void
set_time(struct export_value *v, struct export_context *c,
    const struct facts *f, int64_t t)
{
	if (t == CLOCK_NONE)
		return;
	stream_iso(&c->text, f->stream, t);
	set_buf(v, c);
}

static void
set_enhanced(struct export_value *v, struct export_context *c,
    uint32_t enhanced)
{
	if (!enhanced)
		return;
	enhanced_format(&c->text, enhanced);
	set_buf(v, c);
}

/* Lists in one CSV field; an address with a `;` of its own is quoted in it. */
static void
add_item(struct export_context *c, size_t i, struct slice item)
{
	if (i)
		buf_add_char(&c->text, ';');
	buf_add(&c->text, item);
}

/* --- the values ----------------------------------------------------------- */

#define GET(name)                                                           \
	static void                                                         \
	get_##name(struct export_context *c, const struct facts *f,          \
	    struct export_value *v)

GET(number)      { (void)c; set_number(v, f->number); }
GET(format)      { (void)c; set_text(v, slice_of(f->stream->format->name)); }
GET(source)      { (void)c; set_text(v, slice_of(f->stream->name)); }
GET(key)         { (void)c; set_text(v, f->key); }
GET(start)       { set_time(v, c, f, f->rec.start); }
GET(end)         { set_time(v, c, f, f->end); }
GET(peer)        { (void)c; set_text(v, f->peer); }
GET(server)      { (void)c; set_text(v, f->server); }
GET(helo)        { (void)c; set_text(v, f->helo); }
GET(tls)         { (void)c; set_text(v, f->tls); }
GET(auth)        { (void)c; set_text(v, f->auth); }
GET(recipients)  { (void)c; set_number(v, f->nrecipients); }
GET(count)       { (void)c; set_number(v, f->nmessages); }
GET(messages)    { (void)c; (void)f; v->kind = EXPORT_MESSAGES; }
GET(commands)    { (void)c; set_number(v, f->commands); }
GET(replies)     { (void)c; set_number(v, f->nreplies); }
GET(codes)       { (void)c; (void)f; v->kind = EXPORT_CODES; }
GET(first_line)  { (void)c; set_number(v, f->rec.first); }
GET(last_line)   { (void)c; set_number(v, f->rec.last); }
GET(lines)       { (void)c; set_number(v, f->rec.lines); }

GET(duration_ms)
{
	(void)c;
	if (f->rec.start == CLOCK_NONE)
		return;
	set_number(v, f->rec.duration);
	/* The record holds no more than 49 days. */
	if (f->rec.duration == UINT32_MAX && f->end != CLOCK_NONE &&
	    f->end > f->rec.start)
		v->number = (uint64_t)f->end - (uint64_t)f->rec.start;
}

GET(direction)
{
	(void)c;
	if (f->rec.flags & SESSION_SIDE_KNOWN)
		set_text(v, f->rec.flags & SESSION_OUT ? SLICE("out") :
		    SLICE("in"));
}

GET(port)
{
	(void)c;
	if (f->port >= 0)
		set_number(v, (uint64_t)f->port);
}

GET(from)
{
	for (size_t i = 0; i < f->nmessages; i++) {
		struct slice from = f->messages[i].from;

		/* The null sender is not the same as no sender. */
		add_item(c, i, from.p && !from.n ? SLICE("<>") : from);
	}
	if (f->nmessages)
		set_buf(v, c);
}

GET(to)
{
	for (size_t i = 0; i < f->nrecipients; i++)
		add_item(c, i, f->recipients[i].to);
	if (f->nrecipients)
		set_buf(v, c);
}

GET(size)
{
	uint64_t sum = 0;
	bool any = false;

	(void)c;
	for (size_t i = 0; i < f->nmessages; i++) {
		uint64_t n = f->messages[i].size;

		if (!f->messages[i].has_size)
			continue;
		any = true;
		sum = n > UINT64_MAX - sum ? UINT64_MAX : sum + n;
	}
	if (any)
		set_number(v, sum);
}

GET(id)
{
	size_t n = 0;

	for (size_t i = 0; i < f->nmessages; i++)
		if (f->messages[i].id.p)
			add_item(c, n++, f->messages[i].id);
	if (n)
		set_buf(v, c);
}

GET(code_list)
{
	for (size_t i = 0; i < f->nreplies; i++) {
		if (!reply_code_known(f->replies[i].code))
			continue;
		if (c->text.n)
			buf_add_char(&c->text, ' ');
		put_number(&c->text, f->replies[i].code);
	}
	if (f->nreplies)
		set_buf(v, c);
}

GET(guessed)
{
	(void)c;
	v->kind = EXPORT_FLAG;
	v->number = session_is_guessed(&f->rec);
}

GET(worst)
{
	struct worst_reply w;

	(void)c;
	export_worst(f, &w);
	if (reply_code_known(w.code))
		set_number(v, w.code);
}

GET(worst_enhanced)
{
	struct worst_reply w;

	export_worst(f, &w);
	set_enhanced(v, c, w.enhanced);
}

GET(worst_text)
{
	struct worst_reply w;

	(void)c;
	export_worst(f, &w);
	set_text(v, w.text);
}

GET(failed_command)
{
	set_text(v, export_failed_command(f, c->secrets, &c->tmp));
}

GET(outcome)
{
	(void)c;
	set_text(v, slice_of(outcome_name(session_outcome(&f->rec))));
}

#define BOTH EXPORT_IN_BOTH
#define JSON EXPORT_IN_JSON
#define CSV  EXPORT_IN_CSV

const struct export_field export_fields[] = {
	{ "number", BOTH, get_number,
	    "number of the session, from 1, in order of opening" },
	{ "format", BOTH, get_format, "name of the log format" },
	{ "source", BOTH, get_source, "name of the log" },
	{ "key", BOTH, get_key, "session id as the log writes it" },
	{ "start", BOTH, get_start,
	    "time of the first line, ISO 8601; milliseconds, Z or an offset "
	    "only where the log (or --tz) tells them" },
	{ "end", BOTH, get_end,
	    "time of the last line so far, whether or not the session is "
	    "over" },
	{ "duration_ms", BOTH, get_duration_ms,
	    "milliseconds from the one to the other" },
	{ "direction", BOTH, get_direction,
	    "in: the host that wrote the log is the server; out: the client" },
	{ "peer", BOTH, get_peer, "address of the other end" },
	{ "port", BOTH, get_port, "its port" },
	{ "server", BOTH, get_server,
	    "this end, as the log writes it" },
	{ "helo", BOTH, get_helo, "argument of the last HELO, EHLO or LHLO" },
	{ "tls", BOTH, get_tls,
	    "protocol and cipher, or STARTTLS where no more is known" },
	{ "auth", BOTH, get_auth,
	    "user who logged in; empty where the log hides the name" },
	{ "from", CSV, get_from,
	    "senders, separated by a semicolon; <> is the null sender" },
	{ "to", CSV, get_to, "recipients, separated by a semicolon" },
	{ "messages", CSV, get_count, "how many transactions" },
	{ "messages", JSON, get_messages,
	    "array of transactions: from (empty for the null sender), size, "
	    "recipients (array of to, and code, enhanced and text of the "
	    "reply to it), code, enhanced and text of the final reply, id" },
	{ "recipients", CSV, get_recipients, "how many recipients" },
	{ "size", CSV, get_size, "bytes of all messages, as announced or "
	    "sent in chunks" },
	{ "id", CSV, get_id,
	    "queue or internal ids, separated by a semicolon" },
	{ "commands", BOTH, get_commands, "how many commands" },
	{ "replies", BOTH, get_replies, "how many replies" },
	{ "codes", CSV, get_code_list,
	    "reply codes in order, separated by blanks" },
	{ "codes", JSON, get_codes, "array of the reply codes in order" },
	{ "worst", BOTH, get_worst,
	    "code of the worst reply: the first 5xx, else the first 4xx" },
	{ "worst_enhanced", BOTH, get_worst_enhanced,
	    "its enhanced status code" },
	{ "worst_text", BOTH, get_worst_text,
	    "its text, without codes, its lines joined by blanks" },
	{ "failed_command", BOTH, get_failed_command,
	    "command that drew it, or that was never answered" },
	{ "outcome", BOTH, get_outcome,
	    "ok, temporary, permanent, dropped, refused, open or empty" },
	{ "guessed", BOTH, get_guessed,
	    "whether the log does not tell sessions apart, so that which lines "
	    "are of this one is a guess" },
	{ "first_line", BOTH, get_first_line, "number of its first line" },
	{ "last_line", BOTH, get_last_line, "number of its last line" },
	{ "lines", BOTH, get_lines, "how many lines are its own" },
	{ .name = NULL }
};

void
export_dump_man(FILE *out, enum export_use use)
{
	for (const struct export_field *fd = export_fields; fd->name; fd++)
		if (fd->use & use)
			fprintf(out, ".It Cm %s\n%s\n", fd->name, fd->help);
}
