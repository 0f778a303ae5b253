/*
 * Sessions of the logs that generate_vendor.h describes, and the order in which
 * their lines reach the file.
 */
#include "config.h"

#include "generate_vendor.h"

#include <stdlib.h>
#include <string.h>

struct vendor_log {
	const struct options *o;
	const struct vendor *vendor;
	struct log_file log;
	struct dialect dialect;
};

static const struct vendor *
vendor_by_name(const char *name)
{
	static const struct vendor *const vendors[] = {
		&vendor_communigate, &vendor_kumomta, &vendor_mdaemon,
		&vendor_postal, &vendor_qmail, &vendor_smartermail,
		&vendor_stalwart,
	};

	for (size_t i = 0; i < COUNT(vendors); i++)
		if (strcmp(vendors[i]->name, name) == 0)
			return vendors[i];
	give_up(name);
}

static void
dress_server(struct dialect *d)
{
	d->auth_go = dialect_ims.auth_go;
	d->auth_fine = dialect_ims.auth_fine;
	d->auth_off = dialect_ims.auth_off;
	d->auth_bad = dialect_ims.auth_bad;
	d->secrets = true;
	d->junk = true;
}

static void *
vendor_open(const struct options *o)
{
	static const struct remark none = { NULL, NULL };
	struct vendor_log *v = calloc(1, sizeof *v);

	if (!v)
		give_up("out of memory");
	v->o = o;
	v->vendor = vendor_by_name(o->kind->name);
	if (o->send && !v->vendor->before)
		give_up("no log of what goes out");
	log_open(&v->log, o->output, o);
	v->dialect = dialect_elsewhere;
	v->dialect.certificate = v->dialect.before_mail = none;
	v->dialect.tls_note = none;
	v->dialect.chunking = false;
	if (!o->send)
		dress_server(&v->dialect);
	if (v->vendor->dress)
		v->vendor->dress(&v->dialect, o->send);
	return v;
}

static void
vendor_close(void *state)
{
	struct vendor_log *v = state;

	log_close(&v->log);
	free(v);
}

/* --- a line ------------------------------------------------------------------- */

static const char *
join_of(const struct vendor_log *v, const struct session *s)
{
	return s->inbound ? v->vendor->join : NULL;
}

static void
add_bytes(struct vendor_log *v, const struct session *s, struct piece p)
{
	struct text *t = &v->log.pending;

	if (p.n && v->vendor->bytes)
		v->vendor->bytes(t, piece_at(s, p), p.n);
	else
		text_piece(t, s, p);
}

/* Is entry `next` written in the entry before it? */
static bool
shares(const struct vendor_log *v, const struct session *s, size_t next)
{
	const struct entry *e;

	if (next >= s->count)
		return false;
	e = &s->entries[next];
	if (e->kind == ENTRY_MORE)
		return join_of(v, s) != NULL;
	return v->vendor->buffers && e->kind == ENTRY_COMMAND && !e->pause &&
	    s->entries[next - 1].kind == ENTRY_COMMAND;
}

static void
write_entry(struct vendor_log *v, struct session *s, size_t at)
{
	struct entry *e = &s->entries[at];
	struct text *t = &v->log.pending;

	if (e->line)
		return;
	e->line = v->log.line + 1;
	v->vendor->line(t, s, e);
	add_bytes(v, s, e->text);
	for (size_t i = at + 1; shares(v, s, i); i++) {
		text_word(t, join_of(v, s));
		add_bytes(v, s, s->entries[i].text);
		s->entries[i].line = e->line;
		s->entries[i].time = e->time;
	}
	if (v->vendor->tail)
		v->vendor->tail(t, s, e);
	log_end_line(&v->log);
	session_wrote(s, e->line);
}

static void
vendor_write(void *state, struct session *s, size_t at, bool visible)
{
	struct vendor_log *v = state;
	struct entry *e = &s->entries[at];

	if (e->kind == ENTRY_OPEN)
		s->stood = true;
	if (!e->line)
		e->time -= e->time % v->vendor->grain;
	if (!visible || (v->vendor->whole && at + 1 < s->count))
		return;
	for (size_t i = v->vendor->whole ? 0 : at; i <= at; i++)
		write_entry(v, s, i);
	if (v->vendor->between && at + 1 == s->count) {
		v->vendor->between(&v->log.pending, e->time);
		log_end_line(&v->log);
	}
}

/* --- a session ------------------------------------------------------------------ */

static void
make_ends(struct session *s, const struct vendor *v)
{
	static const char *const networks[] = { "192.0.2.", "198.51.100.",
		"203.0.113.", "2001:db8::" };
	size_t at = s->text.n;

	text_word(&s->text, networks[dice_below(&s->dice, v->v6 ? 4 : 3)]);
	text_number(&s->text, 1 + dice_below(&s->dice, 254));
	s->peer = piece_since(s, at);
	s->port = v->no_port && s->inbound ? NOTHING : !s->inbound ? 25 :
	    1024 + (int)(s->number * 7919 % 64000);
	if (v->local)
		s->local = session_piece(s, v->local);
	s->server = session_piece(s, "mx.example.com");
}

/* Bytes that are no UTF-8 become a mark, in the log as in the truth. */
static void
mend_text(struct session *s)
{
	unsigned char *p = (unsigned char *)s->text.p;

	for (size_t i = 0; i < s->text.n;) {
		size_t n = p[i] < 0x80 ? 0 : p[i] >= 0xf0 && p[i] < 0xf5 ? 3 :
		    p[i] >= 0xe0 && p[i] < 0xf0 && p[i] != 0xed ? 2 :
		    p[i] >= 0xc2 && p[i] < 0xe0 ? 1 : SIZE_MAX;
		bool fine = n != SIZE_MAX;

		for (size_t k = 1; fine && k <= n; k++)
			fine = i + k < s->text.n && (p[i + k] & 0xc0) == 0x80;
		if (!fine)
			p[i] = '?';
		i += fine ? n + 1 : 1;
	}
}

static void
finish_entries(struct session *s, const struct vendor *v)
{
	for (size_t i = 0; i < s->count; i++) {
		struct entry *e = &s->entries[i];

		if (e->kind == ENTRY_MORE)
			e->pause = 0;
		if (e->kind == ENTRY_SECRET && v->secret)
			e->text = session_piece(s, v->secret);
	}
	if (v->utf8)
		mend_text(s);
}

/* The connection is told of a moment after the greeting. */
static void
open_late(struct session *s)
{
	struct entry open = s->entries[0];

	if (s->count < 3 || s->entries[1].kind != ENTRY_REPLY ||
	    s->entries[2].kind == ENTRY_MORE || dice_hits(&s->dice, 400))
		return;
	s->entries[0] = s->entries[1];
	s->entries[1] = open;
}

static void
vendor_make(void *state, struct session *s)
{
	struct vendor_log *v = state;
	uint32_t kind = v->o->plain ? 999 : dice_below(&s->dice, 1000);
	size_t least;

	s->inbound = !v->o->send;
	s->rows = s->strange = true;
	s->key = 100000 + s->number;
	session_names(s);
	make_ends(s, v->vendor);
	if (!s->inbound && v->vendor->before)
		v->vendor->before(s);
	if (!s->inbound && kind >= 35 && kind < 60) {
		script_close(s, true);           /* nobody is there */
		finish_entries(s, v->vendor);
		return;
	}
	say_entry(s, ENTRY_OPEN, dice_below(&s->dice, 60), "", "");
	least = s->count;
	script_dialogue(s, &v->dialect);
	if (kind < 35)
		script_cut(s, least, true);
	/* A few have no end in the log. */
	if (kind >= 3 || v->vendor->whole)
		script_close(s, kind < 35);
	finish_entries(s, v->vendor);
	if (v->vendor->late_open && s->inbound)
		open_late(s);
}

#define KIND(format, ...) \
	const struct log_kind log_##format = { \
		.name = #format, \
		.names_peer = true, \
		.open = vendor_open, \
		.make = vendor_make, \
		.write = vendor_write, \
		.close = vendor_close, \
		__VA_ARGS__ \
	}

KIND(communigate, .lf = true, .ms = true);
KIND(kumomta, .lf = true, .utc = true, .ms = true, .endless = true);
KIND(mdaemon, .ms = false);
KIND(postal, .lf = true, .ms = true);
KIND(qmail, .lf = true, .utc = true, .ms = true);
KIND(smartermail, .ms = true);
KIND(stalwart, .lf = true, .utc = true);
