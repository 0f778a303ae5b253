/*
 * Deliveries of Postfix: to whom, by which way, and what the other end said.
 *
 * Status and reply stand at the end; the recipient, who may be anything that a
 * stranger could write, in front.  A reply that is quoted is followed by which
 * command it answers, in Postfix's own words.
 */
#include "config.h"

#include "format/postfix_line.h"

static bool
cut_key(struct slice *s, struct slice key)
{
	if (!slice_starts(*s, key))
		return false;
	*s = slice_from(*s, key.n);
	return true;
}

/* --- the attributes ------------------------------------------------------- */

/* An address up to `>, `; what is quoted in it may hold that as well. */
static bool
cut_address(struct slice *s, struct slice *out)
{
	size_t i = 0;

	if (s->n && s->p[0] == '"')
		for (i = 1; i < s->n && s->p[i] != '"'; i++)
			if (s->p[i] == '\\')
				i++;
	for (; i + 2 < s->n; i++) {
		if (s->p[i] != '>' || s->p[i + 1] != ',' || s->p[i + 2] != ' ')
			continue;
		*out = slice_head(*s, i);
		*s = slice_from(*s, i + 3);
		return true;
	}
	return false;
}

/* Old ones write no brackets round local addresses. */
static bool
cut_bare(struct slice *s, struct slice *out)
{
	ptrdiff_t at = slice_find(*s, SLICE(", "));

	if (at <= 0)
		return false;
	*out = slice_head(*s, (size_t)at);
	*s = slice_from(*s, (size_t)at + 2);
	return true;
}

static bool
cut_recipient(struct slice *s, struct slice *out)
{
	return cut_key(s, SLICE("<")) ? cut_address(s, out) : cut_bare(s, out);
}

/* "sent (250 ok)": the text is what the outer brackets hold. */
static void
cut_status(struct slice s, struct postfix_delivery *d)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != ' ' && s.p[n] != ',')
		n++;
	d->status = slice_head(s, n);
	s = slice_from(s, n);
	if (!cut_key(&s, SLICE(" ("))) {
		d->text = s.n > 2 ? slice_from(s, 2) : SLICE_NONE;
		return;
	}
	if (s.n && s.p[s.n - 1] == ')')
		s.n--;
	d->text = s;
}

bool
postfix_delivery(struct slice words, struct postfix_delivery *d)
{
	struct slice s = words, value, rest;

	*d = (struct postfix_delivery){ .dsn = 0 };
	if (!cut_key(&s, SLICE("to=")) || !cut_recipient(&s, &d->to))
		return false;
	if (cut_key(&s, SLICE("orig_to=")) && !cut_recipient(&s, &value))
		return false;
	while (!cut_key(&s, SLICE("status="))) {
		bool relay = cut_key(&s, SLICE("relay="));
		bool dsn = !relay && cut_key(&s, SLICE("dsn="));

		if (!cut_bare(&s, &value))
			return false;
		if (relay)
			d->relay = value;
		else if (dsn)
			enhanced_parse(value, &d->dsn, &rest);
	}
	cut_status(s, d);
	return true;
}

/* --- what the other end said ---------------------------------------------- */

/* "RCPT TO command", "end of DATA command". */
static enum smtp_verb
verb_of_words(struct slice s)
{
	if (slice_case_starts(s, SLICE("end of data")) ||
	    slice_starts(s, SLICE("message body")))
		return VERB_DATA;
	if (slice_starts(s, SLICE("the initial server greeting")))
		return VERB_CONNECT;
	cut_key(&s, SLICE("the "));
	return verb_parse(s, NULL);
}

/* "(in reply to RCPT TO command)" at the end of *s is cut off. */
static void
cut_in_reply(struct slice *s, struct postfix_reply *r)
{
	static const struct slice mark = SLICE(" (in reply to ");
	static const struct slice tail = SLICE(" command)");
	struct slice words;

	if (s->n < mark.n + tail.n ||
	    memcmp(s->p + s->n - tail.n, tail.p, tail.n) != 0)
		return;
	for (size_t i = s->n - tail.n - mark.n + 1; i-- > 0;) {
		if (s->p[i] != ' ' || memcmp(s->p + i, mark.p, mark.n) != 0)
			continue;
		words = slice_from(slice_head(*s, s->n - tail.n), i + mark.n);
		r->verb = verb_of_words(words);
		r->command = words;
		*s = slice_head(*s, i);
		return;
	}
}

static void
take_said(struct slice s, struct postfix_reply *r)
{
	cut_in_reply(&s, r);
	postfix_codes(s, &r->code, &r->enhanced, &r->text);
}

/* "host x[192.0.2.1]" and what stands behind the bracket. */
static bool
cut_host(struct slice *s, struct slice intro, struct postfix_reply *r)
{
	struct slice rest = *s;
	size_t n;

	if (!cut_key(&rest, intro))
		return false;
	n = postfix_client(rest, &r->host);
	if (!n)
		return false;
	*s = slice_from(rest, n);
	return true;
}

/* The verb behind "while sending ", "while receiving ", "while performing ". */
static enum smtp_verb
verb_while(struct slice s)
{
	static const struct slice words[] = {
		SLICE(" while sending "), SLICE(" while receiving "),
		SLICE(" while performing "),
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		ptrdiff_t at = slice_find(s, words[i]);

		if (at >= 0)
			return verb_of_words(slice_from(s,
			    (size_t)at + words[i].n));
	}
	return VERB_NONE;
}

bool
postfix_said(struct slice text, struct postfix_reply *r)
{
	struct slice s = text;

	*r = (struct postfix_reply){ .text = text };
	cut_key(&s, SLICE("delivery temporarily suspended: "));
	if (cut_host(&s, SLICE("host "), r)) {
		if (cut_key(&s, SLICE(" said: "))) {
			take_said(s, r);
			return true;
		}
		if (cut_key(&s, SLICE(" refused to talk to me: "))) {
			r->verb = VERB_CONNECT;
			postfix_codes(s, &r->code, &r->enhanced, &r->text);
			return true;
		}
		return false;
	}
	if (cut_host(&s, SLICE("SASL authentication failed; server "), r)) {
		cut_key(&s, SLICE(" said: "));
		r->verb = VERB_AUTH;
		postfix_codes(s, &r->code, &r->enhanced, &r->text);
		return true;
	}
	if (cut_host(&s, SLICE("lost connection with "), r) ||
	    cut_host(&s, SLICE("conversation with "), r)) {
		r->verb = verb_while(s);
		return true;
	}
	if (cut_host(&s, SLICE("connect to "), r)) {
		r->verb = VERB_CONNECT;
		return true;
	}
	return false;
}

/* Whether a delivery failed, by the word for it; else by its dsn. */
static unsigned
class_of(const struct postfix_delivery *d)
{
	unsigned class = ENHANCED_CLASS(d->dsn);

	if (slice_starts(d->status, SLICE("sent")) ||
	    slice_starts(d->status, SLICE("deliverable")))
		return 0;
	if (class == 4 || class == 5)
		return class;
	if (slice_starts(d->status, SLICE("deferred")))
		return 4;
	return slice_starts(d->status, SLICE("bounced")) ||
	    slice_starts(d->status, SLICE("expired")) ||
	    slice_starts(d->status, SLICE("undeliverable")) ? 5 : 0;
}

void
postfix_outcome(const struct postfix_delivery *d, struct postfix_reply *r)
{
	unsigned class = class_of(d);

	if (!postfix_said(d->text, r) && class == 0) {
		/* "250 2.0.0 Ok: queued as X" is all that a success tells. */
		postfix_codes(d->text, &r->code, &r->enhanced, &r->text);
		r->verb = r->code ? VERB_DATA : VERB_NONE;
	}
	/* 251 where a delivery failed is a part of a sentence. */
	if (class && reply_class(r->code) < 4)
		r->code = class;
	if (!r->enhanced && (r->code < 10 || class == 0))
		r->enhanced = d->dsn;
}

struct slice
postfix_next_queue(struct slice text)
{
	static const struct slice words[] = {
		SLICE(" queued as "), SLICE("forwarded as "),
	};
	struct slice s = text;
	size_t n = text.n;

	/* It is the last word. */
	while (n && text.p[n - 1] != ' ')
		n--;
	s = slice_from(text, n);
	if (!postfix_is_queue_id(s))
		return SLICE_NONE;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (n >= words[i].n && memcmp(text.p + n - words[i].n,
		    words[i].p, words[i].n) == 0)
			return s;
	return SLICE_NONE;
}
