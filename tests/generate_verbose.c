/*
 * Logs of Postfix with -v: the dialogue, among internals of the server.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"
#include "generate_syslog.h"

#include <stdio.h>

static void
verbose_make(void *state, struct session *s)
{
	struct dialect d = dialect_elsewhere;
	uint32_t kind = dice_below(&s->dice, 1000);
	char peer[32];
	size_t least;

	(void)state;
	d.certificate = d.tls_note = d.before_mail = (struct remark){ 0 };
	s->inbound = s->rows = true;
	s->port = NOTHING;
	session_names(s);
	snprintf(peer, sizeof peer, "10.%u.%u.%u", dice_below(&s->dice, 256),
	    dice_below(&s->dice, 256), dice_below(&s->dice, 256));
	s->peer = session_piece(s, peer);
	s->server = session_piece(s, "mx.example.net");
	say_entry(s, ENTRY_OPEN, 0, "", "");
	least = s->count;
	script_dialogue(s, &d);
	if (kind < 35)
		script_cut(s, least, false);
	if (kind >= 3)
		script_close(s, kind < 35);
}

static void
add_client(struct text *t, const struct session *s)
{
	text_word(t, "unknown[");
	text_piece(t, s, s->peer);
	text_char(t, ']');
}

/* Some of what the server does meanwhile. */
static void
write_noise(void *state, struct session *s, const struct entry *e)
{
	static const char *const noise[] = {
		"match_hostname: smtpd_client_event_limit: unknown ~? 10.0.0.0",
		"watchdog_pat: 0x5581",
		">>> START Client host RESTRICTIONS <<<",
		"input attribute name: (end)", "> < 550 no reply",
		"before input_transp_cleanup: cleanup flags = x" };

	postfix_log_begin(state, s, e->time, "smtpd", 5);
	text_word(postfix_log_text(state),
	    noise[dice_below(&s->dice, COUNT(noise))]);
	postfix_log_end(state, s);
}

static void
verbose_write(void *state, struct session *s, size_t at, bool visible)
{
	struct entry *e = &s->entries[at];
	struct text *t = postfix_log_text(state);
	bool reply = e->kind == ENTRY_REPLY || e->kind == ENTRY_MORE;

	if (!visible)
		return;
	postfix_log_begin(state, s, e->time, "smtpd", 5);
	if (e->kind == ENTRY_OPEN || e->kind == ENTRY_CLOSE) {
		text_word(t, e->kind == ENTRY_OPEN ? "connect from " :
		    "disconnect from ");
		add_client(t, s);
	} else {
		text_word(t, reply ? "> " : "< ");
		add_client(t, s);
		text_word(t, ": ");
		text_piece(t, s, e->text);
	}
	e->line = postfix_log_end(state, s);
	if (e->kind == ENTRY_CLOSE)
		postfix_log_free(state, s);
	else
		for (uint32_t n = dice_below(&s->dice, 4); n > 0; n--)
			write_noise(state, s, e);
}

const struct log_kind log_postfix_verbose = {
	.name = "postfix-verbose",
	.lf = true,
	.zoned = true,
	.names_peer = true,
	.open = postfix_log_open,
	.make = verbose_make,
	.write = verbose_write,
	.close = postfix_log_close,
};
