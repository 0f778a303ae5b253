/*
 * Facts that a log tells in words.
 *
 * Such logs name the message by the id of the queue it lies in, and come back
 * to it when other messages have begun: messages are looked up by that id,
 * recipients by their address.  A refusal before the message has an id is of
 * the message that the same session is about to send.
 */
#include "config.h"

#include "index/told.h"

#include "format/format.h"
#include "index/digest.h"
#include "smtp/path.h"

/* How far back a message is looked for: bounds the effort, not the facts. */
#define LOOK_BACK 4096

static struct slice
keep(struct facts *f, const struct event *ev, struct slice s)
{
	char *out;

	if (!s.p)
		return SLICE_NONE;
	out = arena_alloc(&f->arena, s.n + 1);
	s = event_text(ev, s, out);
	if (s.p != out && s.n)
		memcpy(out, s.p, s.n);
	return (struct slice){ out, s.n };
}

/* Further lines behind blanks: the codes that they repeat are left out. */
static struct slice
unfold(struct slice k, const struct event *ev)
{
	char *out = (char *)(uintptr_t)k.p;
	struct reply r;
	size_t n = 0;

	for (size_t i = 0; i < k.n; i++) {
		out[n++] = k.p[i];
		if (k.p[i] == ' ' && reply_parse(slice_from(k, i + 1), &r) &&
		    r.code == ev->code && r.enhanced == ev->enhanced) {
			if (!r.text.n)
				break;           /* a last line that is empty */
			i = (size_t)(r.text.p - k.p) - 1;
		}
	}
	while (n && out[n - 1] == ' ')
		n--;
	return (struct slice){ k.p, n };
}

/* A reply of several lines: blanks between them, the code once. */
static struct slice
keep_reply(struct facts *f, const struct event *ev, const struct detail *d)
{
	struct slice s = d->reply;
	struct slice k = keep(f, ev, s), rest = k, line;
	char *out = (char *)(uintptr_t)k.p;
	struct reply r;
	size_t n = 0;

	if (d->folded)
		return unfold(k, ev);
	if (!memchr(k.n ? k.p : "", '\n', k.n))
		return k;
	while (slice_cut(&rest, '\n', &line)) {
		if (n)
			out[n++] = ' ';
		if (n && reply_parse(line, &r))
			line = r.text;
		memmove(out + n, line.p, line.n);
		n += line.n;
	}
	return (struct slice){ k.p, n };
}

/* Two words with a blank between. */
static struct slice
join(struct facts *f, const struct event *ev, struct slice a, struct slice b)
{
	char *out;

	a = keep(f, ev, a);
	b = keep(f, ev, b);
	if (!b.n)
		return a;
	out = arena_alloc(&f->arena, a.n + b.n + 1);
	if (a.n)
		memcpy(out, a.p, a.n);
	out[a.n] = ' ';
	memcpy(out + a.n + 1, b.p, b.n);
	return (struct slice){ out, a.n + b.n + 1 };
}

/* --- messages ------------------------------------------------------------- */

static struct fact_message *
message_by_id(struct facts *f, struct slice id)
{
	size_t least = f->nmessages > LOOK_BACK ? f->nmessages - LOOK_BACK : 0;

	for (size_t i = f->nmessages; i > least; i--)
		if ((f->messages[i - 1].id.p &&
		    slice_eq(f->messages[i - 1].id, id)) ||
		    (f->messages[i - 1].other_id.p &&
		    slice_eq(f->messages[i - 1].other_id, id)))
			return &f->messages[i - 1];
	return NULL;
}

/* The last message, if it has no id and may be the one spoken of. */
static struct fact_message *
message_without_id(struct facts *f, struct slice from)
{
	struct fact_message *m = f->nmessages ?
	    &f->messages[f->nmessages - 1] : NULL;

	if (!m || m->id.p || (from.p && m->from.p && !slice_eq(m->from, from)))
		return NULL;
	return m;
}

/*
 * The message that an entry repeats what is known of by the dialogue: such
 * entries bring no messages and no recipients of their own.
 */
static struct fact_message *
message_echoed(struct facts *f, const struct event *ev, const struct detail *d)
{
	struct slice id = keep(f, ev, d->queue);
	struct fact_message *m = id.n ? message_by_id(f, id) : NULL;

	if (!m)
		m = message_without_id(f, SLICE_NONE);
	if (m && id.n)
		m->id = id;
	return m;
}

/*
 * A refusal's message, taken for the one that got the id: its sender proves to
 * be another's.  What was refused was all of it.
 */
static struct fact_message *
part_messages(struct facts *f, struct fact_message *m, struct slice from)
{
	struct slice id = m->id, other = m->other_id;

	if (!m->announced || !from.p || slice_eq(m->from, from))
		return m;
	m->id = m->other_id = SLICE_NONE;
	m->announced = false;
	m = facts_add_message(f);
	m->id = id;
	m->other_id = other;
	return m;
}

/* The message an entry is about; NULL when it is about none. */
static struct fact_message *
message_of(struct facts *f, const struct event *ev, const struct detail *d,
    bool echo)
{
	struct fact_message *m;
	struct slice from;

	if (echo)
		return message_echoed(f, ev, d);
	from = keep(f, ev, d->from);
	if (d->queue.n) {
		struct slice id = keep(f, ev, d->queue);

		m = message_by_id(f, id);
		if (m)
			return part_messages(f, m, from);
		m = message_without_id(f, from);
		if (!m)
			m = facts_add_message(f);
		m->id = id;
		m->announced = m->from.p != NULL;
		return m;
	}
	if (!d->from.p && !d->to.p)
		return NULL;
	m = message_without_id(f, from);
	return m ? m : facts_add_message(f);
}

/* --- recipients ----------------------------------------------------------- */

/* The next byte of an address that is not there to quote others. */
static size_t
skip_quotes(struct slice s, size_t i)
{
	while (i < s.n && (s.p[i] == '"' || s.p[i] == '\\'))
		i++;
	return i;
}

/* Alike but for case and for the way they are quoted. */
static bool
same_address(struct slice a, struct slice b)
{
	size_t i = skip_quotes(a, 0), j = skip_quotes(b, 0);

	while (i < a.n && j < b.n) {
		if (ascii_lower((unsigned char)a.p[i]) !=
		    ascii_lower((unsigned char)b.p[j]))
			return false;
		i = skip_quotes(a, i + 1);
		j = skip_quotes(b, j + 1);
	}
	return i == a.n && j == b.n;
}

static struct fact_recipient *
recipient_of(struct facts *f, const struct fact_message *m, struct slice to)
{
	for (uint32_t i = m->recipients; i > 0; i--) {
		struct fact_recipient *r =
		    &f->recipients[m->first_recipient + i - 1];

		if (same_address(r->to, to))
			return r;
	}
	return NULL;
}

/* Recipients of a message stand together: those of later ones move on. */
static struct fact_recipient *
add_recipient(struct facts *f, struct fact_message *m, struct slice to)
{
	size_t at = m->first_recipient + m->recipients;
	struct fact_recipient *r;

	mem_reserve(&f->recipients, &f->recipients_cap, f->nrecipients + 1,
	    sizeof *f->recipients);
	r = &f->recipients[at];
	/* Also of those that have none so far. */
	for (struct fact_message *n = m + 1; n < f->messages + f->nmessages;
	    n++)
		n->first_recipient++;
	if (at < f->nrecipients) {
		memmove(r + 1, r, (f->nrecipients - at) * sizeof *r);
		for (size_t i = 0; i < f->nlines; i++)
			if (f->lines[i].verb == VERB_RCPT &&
			    f->lines[i].about != FACT_NONE &&
			    f->lines[i].about >= at)
				f->lines[i].about++;
	}
	f->nrecipients++;
	m->recipients++;
	*r = (struct fact_recipient){ .to = to };
	return r;
}

static void
take_recipient(struct facts *f, struct fact_message *m, const struct event *ev,
    const struct detail *d, struct slice name, bool echo)
{
	struct slice to = keep(f, ev, name);
	struct fact_recipient *r = recipient_of(f, m, to);

	if (!r && echo)
		return;
	if (!r)
		r = add_recipient(f, m, to);
	if (echo || d->final || (!ev->code && !d->reply.p))
		return;
	/* A class without a word says less than the reply before it did. */
	if (ev->code && ev->code < 10 && !d->reply.p &&
	    reply_class(r->code) == ev->code)
		return;
	/* What became of it last is what became of it. */
	r->code = ev->code;
	r->enhanced = ev->enhanced;
	r->text = keep_reply(f, ev, d);
}

/* The next of `<a@b>,<c@d>`; a quoted local part may hold any of that. */
static bool
cut_path(struct slice *s, struct slice *path)
{
	size_t n = path_length(*s);

	if (n == 0)
		return false;
	*path = slice_head(slice_from(*s, 1), n - 2);
	*s = slice_from(*s, n + 1);
	return true;
}

static void
take_message(struct facts *f, struct fact_message *m, const struct event *ev,
    const struct detail *d, bool echo)
{
	struct slice more = d->more_to, paths = d->paths, to;

	if (d->from.p && !m->from.p)
		m->from = keep(f, ev, d->from);
	if (d->has_size) {
		m->has_size = true;
		m->size = d->size;
	}
	if (d->next_queue.n)
		m->other_id = keep(f, ev, d->next_queue);
	if (!m->id.p && d->message_id.p)
		m->id = keep(f, ev, d->message_id);
	if (d->final && !echo) {
		m->code = ev->code;
		m->enhanced = ev->enhanced;
		m->text = keep_reply(f, ev, d);
	}
	if (d->to.p)
		take_recipient(f, m, ev, d, d->to, echo);
	while (more.n) {
		slice_cut(&more, ' ', &to);
		if (to.n)
			take_recipient(f, m, ev, d, to, echo);
	}
	while (cut_path(&paths, &to))
		take_recipient(f, m, ev, d, to, echo);
}

/* --- the session ---------------------------------------------------------- */

/* The command as the log has it, else its verb; none before any command. */
static struct slice
asked(struct facts *f, const struct event *ev, const struct detail *d)
{
	if (d->command.n)
		return keep(f, ev, d->command);
	if (ev->verb == VERB_NONE || ev->verb == VERB_CONNECT)
		return SLICE_NONE;
	return slice_of(verb_name((enum smtp_verb)ev->verb));
}

static void
take_reply(struct facts *f, uint32_t at, const struct event *ev,
    const struct detail *d)
{
	struct fact_reply *r;

	mem_reserve(&f->replies, &f->replies_cap, f->nreplies + 1,
	    sizeof *f->replies);
	f->lines[at].reply = (uint32_t)f->nreplies;
	r = &f->replies[f->nreplies++];
	*r = (struct fact_reply){
		.code = ev->code, .enhanced = ev->enhanced,
		.verb = (enum smtp_verb)ev->verb, .line = at,
		.command = FACT_NONE, .text = keep_reply(f, ev, d),
		.asked = asked(f, ev, d),
	};
}

static void
take_session(struct facts *f, const struct event *ev, const struct detail *d)
{
	if (!f->helo.p && d->helo.n)
		f->helo = keep(f, ev, d->helo);
	if (!f->auth.p && d->user.p && (ev->says & SAYS_USER))
		f->auth = keep(f, ev, d->user);
	if (f->port < 0 && d->port > 0)
		f->port = d->port;
	if (!f->tls.p && d->tls.p && !digest_is_onwards(&f->rec, ev))
		f->tls = join(f, ev, d->tls, d->cipher);
	if (!f->server.p && d->server.p)
		f->server = keep(f, ev, d->server);
}

void
told_take(struct facts *f, uint32_t at, const struct event *ev,
    const struct detail *d, bool spoken)
{
	bool echo = spoken && (ev->says & SAYS_ECHO);
	struct fact_message *m = message_of(f, ev, d, echo);

	take_session(f, ev, d);
	if (m)
		take_message(f, m, ev, d, echo);
	if (ev->code && !echo)
		take_reply(f, at, ev, d);
	if ((ev->says & (SAYS_LOST | SAYS_REFUSED)) && !echo &&
	    !f->told_command.p) {
		f->told_failure = at;
		f->told_command = asked(f, ev, d);
	}
	if (d->commands && !spoken)
		f->commands = d->commands;
	f->lines[at].code = ev->code;
}
