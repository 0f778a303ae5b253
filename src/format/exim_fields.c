/*
 * What fields and sources of Exim's entries tell: `H=... X=... A=login:ann`,
 * the connection an entry is of, replies and refusals.
 */
#include "config.h"

#include "format/exim_tell.h"

/* --- fields ---------------------------------------------------------------- */

void
exim_tell_host(struct exim_tale *t, const struct exim_host *h)
{
	if (t->host.end.n)
		return;
	t->host = *h;
	if (h->helo.p && t->side != SIDE_CLIENT) {
		t->helo = h->helo;
		t->says |= SAYS_HELO;
	}
}

/* "login:ann", "login:ann:sender"; "login" alone names nobody. */
static void
take_user(struct exim_tale *t, struct slice value)
{
	ptrdiff_t n;

	t->says |= SAYS_USER;
	if (!t->words)
		return;
	n = slice_find_char(value, ':');
	t->d.user = n < 0 ? slice_head(value, 0) :
	    slice_from(value, (size_t)n + 1);
	n = slice_find_char(t->d.user, ':');
	if (n >= 0)
		t->d.user = slice_head(t->d.user, (size_t)n);
}

static void
take_field(struct exim_tale *t, struct slice key, struct slice value)
{
	struct reply r;
	bool outward = t->side == SIDE_CLIENT;

	if (key.n == 1) {
		switch (key.p[0]) {
		case 'X':
			if (!outward) {
				t->d.tls = value;
				t->says |= SAYS_TLS;
			}
			break;
		case 'A':
			if (!outward)
				take_user(t, value);
			break;
		case 'F':
			t->from = slice_eq(value, SLICE("<>")) ?
			    slice_head(value, 0) : value;
			break;
		case 'P':
			t->protocol = value;
			break;
		case 'S':
			if (t->words)
				t->d.has_size = slice_to_u64(value,
				    &t->d.size);
			break;
		case 'R':
			/* Of a delivery it is the router. */
			if (!outward)
				t->origin = value;
			break;
		case 'U':
			t->caller = value;
			break;
		case 'I':
			t->server = value;
			break;
		case 'C':
			if (outward && reply_parse(value, &r)) {
				t->code = r.code;
				t->enhanced = r.enhanced;
				t->d.reply = r.text;
				t->verb = VERB_DATA;
			}
			break;
		default:
			break;
		}
	} else if (slice_eq(key, SLICE("Ci"))) {
		t->connection = value;
	} else if (slice_eq(key, SLICE("id")) || slice_eq(key, SLICE("id*"))) {
		t->d.message_id = value;
	}
}

void
exim_tell_fields(struct slice *s, struct exim_tale *t)
{
	struct slice key, value, rest;
	struct exim_host h;

	while (s->n > 1 && s->p[0] == ' ') {
		if (s->n > 3 && s->p[1] == 'H' && s->p[2] == '=') {
			rest = slice_from(*s, 3);
			if (exim_cut_host(&rest, &h)) {
				exim_tell_host(t, &h);
				*s = rest;
				continue;
			}
		}
		if (exim_cut_field(s, &key, &value))
			take_field(t, key, value);
		else if (!exim_cut_mark(s))
			return;
	}
}

/* "H=host I=.. Ci=.." or the same without H=, or a caller; then fields. */
bool
exim_tell_source(struct slice *s, struct exim_tale *t)
{
	struct exim_host h;
	ptrdiff_t n;

	exim_cut_words(s, SLICE("TFO* "));
	exim_cut_words(s, SLICE("TFO "));
	exim_cut_words(s, SLICE("H="));
	t->about = EXIM_CONNECTION;
	t->side = SIDE_SERVER;
	if (exim_cut_host(s, &h)) {
		exim_tell_host(t, &h);
	} else {
		exim_cut_words(s, SLICE("U="));
		n = slice_find_char(*s, ' ');
		t->caller = slice_head(*s, n < 0 ? s->n : (size_t)n);
		*s = slice_from(*s, t->caller.n);
		if (!t->caller.n)
			return false;
	}
	exim_tell_fields(s, t);
	return true;
}

void
exim_tell_forget(struct exim_tale *t)
{
	t->helo = t->from = t->to = t->server = SLICE_NONE;
	t->final = false;
	if (t->words)
		t->d = (struct detail){ .delivery = false };
}

/* --- refusals, ends -------------------------------------------------------- */

void
exim_tell_reply(struct exim_tale *t, unsigned class, struct slice text)
{
	struct reply r;

	t->code = (uint16_t)class;
	t->enhanced = 0;
	t->d.reply = text;
	if (reply_parse(text, &r) && r.code / 100 == class) {
		t->code = r.code;
		t->enhanced = r.enhanced;
		t->d.reply = r.text;
	}
}

void
exim_tell_refused(struct exim_tale *t, unsigned code, struct slice text)
{
	t->kind = EVENT_REPORT;
	t->says |= SAYS_ENDS;
	t->code = (uint16_t)code;
	t->d.reply = text;
}

void
exim_tell_end(struct exim_tale *t, bool lost)
{
	t->kind = EVENT_CLOSE;
	t->lost = lost;
}
