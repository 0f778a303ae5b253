/*
 * Scanning a line by the patterns of a file.
 *
 * The frame of syslog comes off first, where there is one; a pattern of [line]
 * takes what all lines have; the rules are tried on the rest, in the order of
 * the file, those alone that may begin with its first byte.  The first that
 * knows it says what the line is.
 *
 * Several threads scan at a time: what a match needs beside the patterns comes
 * from a pool.
 */
#include "config.h"

#include "format/pattern_parts.h"

#include "smtp/reply.h"
#include "smtp/verb.h"

/* Every session of a log that holds one at a time has this key. */
#define KEY_ONE 1

#define DAY_MS INT64_C(86400000)

/* --- before the first line --------------------------------------------------- */

static void
prepare_rules(struct pattern *p)
{
	for (size_t i = 0; i < p->nrules; i++) {
		struct rule *r = &p->rule[i];
		uint64_t *choice = r->bare ? p->choices.bare : p->choices.text;
		bool first[257];

		regex_first(r->regex, first);
		for (int c = 0; c < 257; c++)
			if (first[c])
				choice[c] |= UINT64_C(1) << i;
		regex_prepare(r->regex);
	}
	for (size_t i = 0; i < p->nframes; i++)
		regex_prepare(p->frame[i].regex);
	if (p->stream)
		regex_prepare(p->stream);
	if (p->date_in_name)
		regex_prepare(p->date_in_name);
	p->pool = regex_pool_new(REGEX_GROUPS);
}

void
pattern_prepare(struct pattern *p)
{
	if (atomic_load_explicit(&p->prepared, memory_order_acquire))
		return;
	pthread_mutex_lock(&p->mutex);
	if (!atomic_load_explicit(&p->prepared, memory_order_relaxed)) {
		prepare_rules(p);
		atomic_store_explicit(&p->prepared, true,
		    memory_order_release);
	}
	pthread_mutex_unlock(&p->mutex);
}

/* --- finding the rule --------------------------------------------------------- */

static void
take_groups(const struct rule *r, const struct regex_work *w,
    struct slice text, struct found *f)
{
	for (unsigned i = 0; i < r->refs; i++) {
		struct slice s = regex_found(w, text, r->ref[i].number);

		if (s.p)
			f->g[r->ref[i].group] = s;
	}
}

/* True when a [line] pattern knows the line: what is left is the subject. */
static bool
find_frame(const struct pattern *p, struct regex_work *w, struct found *f)
{
	for (size_t i = 0; i < p->nframes; i++) {
		switch (regex_match(p->frame[i].regex, w, f->subject)) {
		case REGEX_YES:
			take_groups(&p->frame[i], w, f->subject, f);
			f->subject = f->g[GROUP_REST];
			return true;
		case REGEX_LIMIT:
			f->limit = true;
			return false;
		case REGEX_NO:
			break;
		}
	}
	return p->nframes == 0;
}

static void
find_rule(const struct pattern *p, struct regex_work *w, bool bare,
    struct found *f)
{
	const uint64_t *choice = bare ? p->choices.bare : p->choices.text;
	uint64_t left = choice[f->subject.n ?
	    (unsigned char)f->subject.p[0] : 256];

	for (; left; left &= left - 1) {
		const struct rule *r = &p->rule[__builtin_ctzll(left)];

		switch (regex_match(r->regex, w, f->subject)) {
		case REGEX_YES:
			f->rule = r;
			take_groups(r, w, f->subject, f);
			return;
		case REGEX_LIMIT:
			f->limit = true;
			return;
		case REGEX_NO:
			break;
		}
	}
}

void
pattern_find(const struct pattern *p, struct pattern_state *ps,
    struct slice line, struct found *f)
{
	struct regex_work *w;
	struct syslog_line frame;
	bool known;

	*f = (struct found){ .subject = line, .time = CLOCK_NONE };
	if (p->syslog && syslog_cut(&ps->syslog, line, &frame)) {
		f->subject = frame.body;
		f->time = frame.time;
		f->framed = true;
		f->new_year = frame.new_year;
	}
	w = regex_take(p->pool);
	known = find_frame(p, w, f);
	if (!f->limit && known)
		find_rule(p, w, false, f);
	/* What has no frame may be more of the entry before. */
	if (!f->limit && !f->rule && !f->framed &&
	    (!known || p->nframes == 0)) {
		f->subject = line;
		find_rule(p, w, true, f);
	}
	regex_give(p->pool, w);
}

/* --- from the groups to an event ------------------------------------------------ */

int64_t
pattern_time(const struct pattern *p, const struct pattern_state *ps,
    struct slice stamp, bool *utc)
{
	for (size_t i = 0; i < p->ntimes; i++) {
		int64_t t = timeform_read(&p->time[i], stamp, utc);

		if (t == CLOCK_NONE)
			continue;
		if (p->time[i].dated)
			return t;
		return ps->day ? t + ps->day * DAY_MS : CLOCK_NONE;
	}
	return CLOCK_NONE;
}

static const struct word *
find_word(const struct pattern *p, struct slice text, bool of_side)
{
	for (size_t i = 0; i < p->nwords; i++)
		if (p->word[i].of_side == of_side &&
		    slice_eq(p->word[i].text, text))
			return &p->word[i];
	return NULL;
}

static enum event_side
side_of(const struct pattern *p, const struct found *f)
{
	const struct word *w;

	if (f->g[GROUP_SIDE].p &&
	    (w = find_word(p, f->g[GROUP_SIDE], true)) != NULL)
		return w->who == WHO_SERVER ? SIDE_SERVER : SIDE_CLIENT;
	return f->rule->side != SIDE_UNKNOWN ? f->rule->side : p->side;
}

static enum event_dir
direction_of(const struct pattern *p, const struct found *f,
    enum event_side side)
{
	enum who who = f->rule->who;
	const struct word *w;

	if (f->g[GROUP_DIRECTION].p &&
	    (w = find_word(p, f->g[GROUP_DIRECTION], false)) != NULL)
		who = w->who;
	switch (who) {
	case WHO_IN:
		return DIR_IN;
	case WHO_OUT:
		return DIR_OUT;
	case WHO_CLIENT:
	case WHO_SERVER:
		if (side == SIDE_UNKNOWN)
			return DIR_NONE;
		return (who == WHO_CLIENT) == (side == SIDE_CLIENT) ?
		    DIR_OUT : DIR_IN;
	default:
		return DIR_NONE;
	}
}

/* Session and thread together; 0 where the line tells neither. */
static uint64_t
key_of(const struct pattern *p, const struct found *f)
{
	uint64_t key = 0;

	if (f->rule->bare && !f->g[GROUP_SESSION].p)
		return 0;
	if (p->one_at_a_time)
		return KEY_ONE;
	if (f->g[GROUP_THREAD].p)
		key = slice_hash(f->g[GROUP_THREAD], 2);
	if (f->g[GROUP_SESSION].p)
		key = slice_hash(f->g[GROUP_SESSION], key);
	return key == KEY_ONE ? 3 : key;
}

static uint16_t
code_of(const struct found *f)
{
	struct slice s = f->g[GROUP_CODE];
	uint16_t code = 0;

	if (s.n != 3)
		return f->rule->code;
	for (size_t i = 0; i < 3; i++) {
		if (!ascii_is_digit((unsigned char)s.p[i]))
			return f->rule->code;
		code = (uint16_t)(code * 10 + (s.p[i] - '0'));
	}
	return code >= 200 && code < 600 ? code : f->rule->code;
}

/* What the groups tell, as bits. */
static uint16_t
says_of(const struct found *f)
{
	unsigned says = f->rule->says;

	says |= f->g[GROUP_HELO].p ? SAYS_HELO : 0;
	says |= f->g[GROUP_FROM].p ? SAYS_FROM : 0;
	says |= f->g[GROUP_TO].p ? SAYS_TO : 0;
	says |= f->g[GROUP_TLS].p ? SAYS_TLS : 0;
	return (uint16_t)says;
}

static void
tell(const struct found *f, struct event *ev)
{
	struct slice rest;

	ev->says = says_of(f);
	ev->code = code_of(f);
	ev->verb = f->rule->verb;
	if (f->g[GROUP_ENHANCED].p)
		(void)enhanced_parse(f->g[GROUP_ENHANCED], &ev->enhanced, &rest);
	else if (f->g[GROUP_REPLY].p)
		(void)enhanced_parse(f->g[GROUP_REPLY], &ev->enhanced, &rest);
	if (!ev->verb && f->g[GROUP_COMMAND].n)
		ev->verb = (uint8_t)verb_parse(f->g[GROUP_COMMAND], NULL);
}

/* Which parts of the line are shown, and as what. */
static void
take_text(const struct found *f, struct event *ev)
{
	ev->text = f->g[GROUP_TEXT].p ? f->g[GROUP_TEXT] : f->subject;
	ev->context = f->g[GROUP_CONTEXT];
	switch (ev->kind) {
	case EVENT_EXCHANGE:
		ev->text = f->g[GROUP_COMMAND];
		ev->context = f->g[GROUP_REPLY];
		/* A greeting answers nothing; some commands have no answer. */
		if (ev->text.n == 0 || ev->context.n == 0)
			ev->kind = EVENT_LINE;
		if (ev->text.n == 0) {
			ev->text = ev->context;
			ev->dir = ev->dir == DIR_IN ? DIR_OUT :
			    ev->dir == DIR_OUT ? DIR_IN : DIR_NONE;
		}
		if (ev->kind == EVENT_LINE)
			ev->context = SLICE_NONE;
		break;
	case EVENT_USER:
		ev->text = f->g[GROUP_USER];
		break;
	case EVENT_TLS:
		if (!f->g[GROUP_TLS].p)
			break;
		ev->text = f->g[GROUP_TEXT];
		ev->context = f->g[GROUP_TLS];
		break;
	default:
		break;
	}
}

/* --- lines of a reply that share an entry ---------------------------------------- */

static bool
is_reply_line(struct slice s, struct slice code)
{
	return s.n >= 4 && memcmp(s.p, code.p, 3) == 0 &&
	    (s.p[3] == '-' || s.p[3] == ' ');
}

/*
 * Where the next line of a joined reply begins, as bytes of s; *text is how
 * much of s is the first.  0: there is no next.
 */
static size_t
next_of_reply(const struct pattern *p, struct slice s, size_t *text)
{
	struct reply r;
	struct slice code = slice_head(s, 3);

	if (s.n < 4 || s.p[3] != '-' || !reply_parse(s, &r))
		return 0;
	for (size_t at = 4; at + 4 <= s.n; at++) {
		ptrdiff_t hit = slice_find(slice_from(s, at),
		    p->join.n ? p->join : code);
		size_t next;

		if (hit < 0)
			return 0;
		at += (size_t)hit;
		next = at + p->join.n;
		if (is_reply_line(slice_from(s, next), code)) {
			*text = at;
			return next;
		}
	}
	return 0;
}

static size_t
next_command(const struct pattern *p, struct slice s, size_t *text)
{
	ptrdiff_t hit = p->pipelined && p->join.n ?
	    slice_find(s, p->join) : -1;

	if (hit < 0 || (size_t)hit + p->join.n >= s.n)
		return 0;
	*text = (size_t)hit;
	return (size_t)hit + p->join.n;
}

/* A text that the entry's last line ends with. */
static void
drop_join(const struct pattern *p, struct slice *s)
{
	while (p->join.n && p->join.n <= s->n &&
	    memcmp(s->p + s->n - p->join.n, p->join.p, p->join.n) == 0)
		s->n -= p->join.n;
}

/* Cuts the first line off; how many bytes of the line the entry takes. */
static size_t
cut_joined(const struct pattern *p, struct slice line, struct slice *s)
{
	size_t text = 0, next;

	drop_join(p, s);
	next = next_of_reply(p, *s, &text);
	if (!next)
		next = next_command(p, *s, &text);
	if (!next)
		return line.n;
	next += (size_t)(s->p - line.p);
	s->n = text;
	return next;
}

/* --- the scan ---------------------------------------------------------------------- */

/* The rest of a joined entry, which no rule knows. */
static size_t
scan_bare(const struct pattern *p, struct slice line, struct event *ev)
{
	struct reply r;

	ev->text = line;
	if (!p->joined || !reply_parse(line, &r))
		return line.n;
	ev->kind = EVENT_MORE;
	return cut_joined(p, line, &ev->text);
}

static int64_t
time_of(const struct pattern *p, const struct pattern_state *ps,
    const struct found *f)
{
	bool utc;

	return f->g[GROUP_TIME].p ? pattern_time(p, ps, f->g[GROUP_TIME], &utc)
	    : f->time;
}

static size_t
scan_known(const struct pattern *p, const struct pattern_state *ps,
    struct slice line, const struct found *f, struct event *ev)
{
	const struct rule *r = f->rule;

	ev->kind = r->kind;
	ev->flags = (uint16_t)(r->flags | p->escapes);
	ev->side = side_of(p, f);
	ev->dir = direction_of(p, f, ev->side);
	ev->time = time_of(p, ps, f);
	ev->key = key_of(p, f);
	ev->id = f->g[GROUP_SESSION].p ? f->g[GROUP_SESSION] :
	    f->g[GROUP_THREAD];
	ev->peer = f->g[GROUP_PEER];
	ev->local = f->g[GROUP_LOCAL];
	take_text(f, ev);
	/* Those that are alone share no key, not even with their like. */
	if ((r->flags & EVENT_BEGINS) && (r->flags & EVENT_UNLINK))
		ev->key = slice_hash(line, 5);
	if (f->g[GROUP_LINK].n) {
		ev->flags |= EVENT_LINK;
		ev->link = slice_hash(f->g[GROUP_LINK], 0);
	}
	if (r->kind != EVENT_LINE && r->kind != EVENT_EXCHANGE &&
	    r->kind != EVENT_MORE)
		tell(f, ev);
	if (!p->joined)
		return line.n;
	if (ev->kind == EVENT_EXCHANGE)
		return cut_joined(p, line, &ev->context);
	return ev->kind == EVENT_LINE || ev->kind == EVENT_MORE ?
	    cut_joined(p, line, &ev->text) : line.n;
}

size_t
pattern_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev)
{
	struct pattern *p = (struct pattern *)fm->data;
	struct pattern_state *ps = (void *)st->bytes;
	struct found f;
	size_t used = line.n;

	event_clear(ev);
	pattern_prepare(p);
	pattern_find(p, ps, line, &f);
	if (f.limit) {
		ev->kind = EVENT_UNREADABLE;
		ev->text = line;
	} else if (f.rule) {
		used = scan_known(p, ps, line, &f, ev);
	} else if (line.n == 0) {
		ev->kind = EVENT_META;
	} else {
		ev->time = f.framed ? f.time : CLOCK_NONE;
		used = scan_bare(p, line, ev);
	}
	if (f.new_year)
		ev->flags |= EVENT_STATE;
	return used;
}

void
pattern_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d)
{
	struct pattern *p = (struct pattern *)fm->data;
	struct format_state copy = *st;
	struct found f;

	(void)ev;
	pattern_prepare(p);
	pattern_find(p, (void *)copy.bytes, line, &f);
	if (!f.rule)
		return;
	d->helo = f.g[GROUP_HELO];
	d->user = f.g[GROUP_USER];
	d->tls = f.g[GROUP_TLS];
	d->server = f.g[GROUP_LOCAL];
	d->queue = f.g[GROUP_ID];
	d->message_id = f.g[GROUP_MESSAGE_ID];
	d->from = f.g[GROUP_FROM];
	d->to = f.g[GROUP_TO];
	d->command = f.g[GROUP_COMMAND];
	if (!d->command.p && f.rule->verb)
		d->command = slice_of(verb_name((enum smtp_verb)f.rule->verb));
	d->reply = f.g[GROUP_REPLY];
	d->has_size = slice_to_u64(f.g[GROUP_SIZE], &d->size);
	d->delivery = f.rule->delivery;
	d->final = f.rule->final;
}
