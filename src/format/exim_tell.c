/*
 * Which room knows an entry's words, and what no other room knows: remarks of
 * connections, a scanner's lines.
 */
#include "config.h"

#include "format/exim_tell.h"

/* Remarks that name their connection somewhere: "... connection from HOST". */
static bool
tell_remark(struct slice s, struct exim_tale *t)
{
	static const struct slice from = { "connection from ", 16 };
	ptrdiff_t n = slice_find(slice_head(s, 400), from);
	struct exim_host h;

	if (n < 0)
		return false;
	s = slice_from(s, (size_t)n + from.n);
	if (!exim_cut_host(&s, &h))
		return false;
	t->side = SIDE_SERVER;
	t->about = EXIM_CONNECTION;
	exim_tell_host(t, &h);
	/* Lookups fail before anything is said; alone they are no session. */
	t->joins = !h.has_port && n > 0 && s.n && h.helo.p == NULL;
	return true;
}

/*
 * "SA: Action: words From <a@b> (host=name [address]) for c@d", of a scanner
 * that is no part of Exim and writes into its log.
 */
static bool
tell_scanner(struct slice s, struct exim_tale *t)
{
	ptrdiff_t n;

	if (!exim_cut_words(&s, SLICE("SA: Action: ")) ||
	    (n = slice_find(s, SLICE(" From <"))) < 0)
		return false;
	s = slice_from(s, (size_t)n + 6);
	if (!exim_cut_path(&s, &t->from) ||
	    !exim_cut_words(&s, SLICE(" (host=")) || !exim_tell_source(&s, t))
		return false;
	t->kind = EVENT_REPORT;
	t->says |= SAYS_FROM | SAYS_DONE | SAYS_ENDS;
	if (exim_cut_words(&s, SLICE(") for "))) {
		t->to = s;
		t->says |= SAYS_TO;
	}
	return true;
}

static bool
tell_by_first(const struct exim_line *l, struct exim_tale *t)
{
	struct slice s = l->text;

	switch (s.n ? s.p[0] : '\0') {
	case 'H':
		if (!slice_starts(s, SLICE("H=")))
			return false;
		exim_tell_by_source(s, l, t);
		return t->about != EXIM_NOTHING;
	case 'U':
		if (!slice_starts(s, SLICE("U=")))
			return false;
		exim_tell_by_source(s, l, t);
		return t->about != EXIM_NOTHING;
	case 'S':
		if (slice_starts(s, SLICE("SA: ")))
			return tell_scanner(s, t);
		return exim_cut_words(&s, SLICE("SMTP ")) && exim_tell_smtp(s, t);
	case 'F':
		return slice_starts(s, SLICE("F=")) && exim_tell_by_sender(s, l, t);
	case 'n':
		return exim_cut_words(&s, SLICE("no MAIL in ")) &&
		    exim_tell_no_mail(s, t);
	case 'u':
		if (exim_cut_words(&s, SLICE("unexpected ")))
			return exim_tell_unexpected(s, t);
		return slice_starts(s, SLICE("unqualified ")) &&
		    exim_tell_odd_refusal(s, t);
	case 't':
		if (slice_starts(s, SLICE("too many recipients: ")))
			return exim_tell_odd_refusal(s, t);
		return exim_tell_denied(s, t) || exim_tell_rejecting(s, l, t);
	case 'r':
		return exim_tell_denied(s, t) || exim_tell_rejecting(s, l, t);
	case 'c':
	case 'C':
		return exim_tell_denied(s, t);
	default:
		return false;
	}
}

/* One by one: once for each line, and to clear it all at once is slower. */
static void
begin(struct exim_tale *t, bool words)
{
	t->about = EXIM_NOTHING;
	t->kind = EVENT_NOTE;
	t->side = SIDE_UNKNOWN;
	t->words = words;
	t->lost = t->joins = t->daemon = t->arrival = false;
	t->completed = t->delivery = false;
	t->verb = 0;
	t->says = t->code = 0;
	t->enhanced = 0;
	t->host = (struct exim_host){ .has_port = false };
	t->connection = t->caller = t->protocol = t->origin = SLICE_NONE;
	exim_tell_forget(t);
}

static void
tell(const struct exim_line *l, struct exim_tale *t, bool words)
{
	begin(t, words);
	if (l->id.n && exim_tell_message(l, t))
		return;
	if (tell_by_first(l, t) || exim_tell_authenticator(l->text, t) ||
	    tell_remark(l->text, t))
		return;
	begin(t, words);
	if (l->id.n)
		t->about = EXIM_MESSAGE;
}

void
exim_tell(const struct exim_line *l, struct exim_tale *t)
{
	tell(l, t, false);
}

void
exim_tell_words(const struct exim_line *l, struct exim_tale *t)
{
	tell(l, t, true);
	t->d.helo = t->helo;
	t->d.from = t->from;
	t->d.to = t->to;
	t->d.server = t->server;
	t->d.final = t->final;
}
