/*
 * The activity log of MailEnable's SMTP service: a row is a command with its
 * reply, of which it has the first line alone.  The reply to message text has
 * no row: what became of a message is not told.  Rows as in
 * pastebin.com/AMtudmp4 and in the vendor's article ME020170.
 */
#include "config.h"

#include "generate_log.h"
#include "generate_script.h"

#include <string.h>

/* `11/23/26 10:00:01	SMTP-IN	0DD9E9D5.MAI	872	192.0.2.7	` */
static void
add_head(struct text *t, const struct session *s, const struct entry *e,
    bool outbound)
{
	struct date d;

	date_of(e->time, &d);
	text_digits(t, (uint64_t)d.month, 2);
	text_char(t, '/');
	text_digits(t, (uint64_t)d.day, 2);
	text_char(t, '/');
	text_digits(t, (uint64_t)d.year % 100, 2);
	text_char(t, ' ');
	text_clock(t, &d);
	text_word(t, outbound ? "\tSMTP-OU\t" : "\tSMTP-IN\t");
	/* The file of the message, another one behind each DATA. */
	text_hex(t, s->number * 16 + s->sequence, 8);
	text_word(t, ".MAI\t");
	text_number(t, s->key);
	text_char(t, '\t');
	text_piece(t, s, s->peer);
	text_char(t, '\t');
}

/* The row of a reply, `command` being what it answers, or NULL. */
static void
add_row(struct text *t, const struct session *s, const struct entry *command,
    const struct entry *reply)
{
	size_t n = 0;

	if (command) {
		const char *p = piece_at(s, command->text);

		while (n < command->text.n && p[n] != ' ')
			n++;
		text_bytes(t, p, n);
		text_char(t, '\t');
		text_bytes(t, p, command->text.n);
	} else {
		text_char(t, '\t');
	}
	text_char(t, '\t');
	text_piece(t, s, reply->text);
	text_char(t, '\t');
	text_number(t, reply->text.n + 2);
	text_char(t, '\t');
	text_number(t, command ? command->text.n + 2 : 0);
	text_char(t, '\t');
	text_piece(t, s, s->auth_known ? s->user : (struct piece){ 0, 0 });
}
