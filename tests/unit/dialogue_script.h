/*
 * Scripts for the tests of the dialogue: rows of entries, each with the steps
 * it must give, in words.  The number of a row, from 1, is its line.
 *
 *   c:MAIL              a command;  c:MAIL/untold: text before it has no reply
 *   r:250:MAIL@3        a reply, to the command of line 3; none: no @
 *   r:250-:MAIL@3       with further lines to come
 *   r:250:DATA@7/text   to message text;  r:550(5.1.1):... with enhanced code
 *   m:250               a further line of a reply
 *   auth body note none twin twin+     as the roles; ! after it: a secret
 *   5=c:DATA            about line 5, not the present one
 */
#ifndef EHLOG_TESTS_DIALOGUE_SCRIPT_H
#define EHLOG_TESTS_DIALOGUE_SCRIPT_H

#include "base/clock.h"
#include "base/mem.h"
#include "smtp/dialogue.h"

struct row {
	enum utterance what;
	enum speaker who;
	const char *text;
	const char *steps;
	int64_t time;            /* seconds; 0: as the row before */
};

#define ROW(utterance, speaker, said, ...) { .what = utterance, \
	.who = speaker, .text = said, .steps = __VA_ARGS__ }
/* After the steps the time may follow. */
#define IN(text, ...)   ROW(UTTER_LINE, SPEAKER_PEER, text, __VA_ARGS__)
#define OUT(text, ...)  ROW(UTTER_LINE, SPEAKER_SELF, text, __VA_ARGS__)
#define ASKED(text, ...) ROW(UTTER_ASKED, SPEAKER_PEER, text, __VA_ARGS__)
#define ANY(text, ...)  ROW(UTTER_LINE, SPEAKER_UNKNOWN, text, __VA_ARGS__)
#define RAW(text, ...)  ROW(UTTER_RAW, SPEAKER_PEER, text, __VA_ARGS__)
#define MORE(text, ...) ROW(UTTER_MORE, SPEAKER_UNKNOWN, text, __VA_ARGS__)
#define GREETED         ROW(UTTER_GREETED, SPEAKER_UNKNOWN, "", "")
#define END(...)        ROW(UTTER_END, SPEAKER_UNKNOWN, "", __VA_ARGS__)

#define NO_TIME (-1)             /* an entry without a time */
#define FIRST_TIME 1000          /* where no row says any */

static inline void
describe_reply(struct buf *b, const struct step *s)
{
	buf_addf(b, "r:%u", (unsigned)s->code);
	if (s->enhanced) {
		buf_add_char(b, '(');
		enhanced_format(b, s->enhanced);
		buf_add_char(b, ')');
	}
	buf_addf(b, "%s:%s", s->more ? "-" : "", verb_name(s->verb));
	if (s->command_line)
		buf_addf(b, "@%u", (unsigned)s->command_line);
	if (s->of_text)
		buf_add(b, SLICE("/text"));
}

static inline void
describe_step(struct buf *b, const struct step *s, uint32_t line)
{
	static const char *const words[ROLE_COUNT] = {
		[ROLE_NONE] = "none", [ROLE_OPEN] = "?", [ROLE_CLOSE] = "?",
		[ROLE_NOTE] = "note", [ROLE_REPORT] = "report", [ROLE_AUTH] = "auth",
		[ROLE_BODY] = "body", [ROLE_TWIN] = "twin",
		[ROLE_TWIN_MORE] = "twin+",
	};

	if (b->n)
		buf_add_char(b, ' ');
	if (s->line != line)
		buf_addf(b, "%u=", (unsigned)s->line);
	if (s->role == ROLE_COMMAND)
		buf_addf(b, "c:%s%s", verb_name(s->verb),
		    s->untold ? "/untold" : "");
	else if (s->role == ROLE_REPLY)
		describe_reply(b, s);
	else if (s->role == ROLE_REPLY_MORE)
		buf_addf(b, "m:%u", (unsigned)s->code);
	else
		buf_addf(b, "%s%s", words[s->role],
		    s->verb == VERB_AUTH ? "!" : "");
	/* Commands are the client's, replies the server's, always. */
	if (s->role == ROLE_REPLY || s->role == ROLE_REPLY_MORE)
		assert_true(s->from_server);
	if (s->role == ROLE_COMMAND || s->role == ROLE_AUTH)
		assert_false(s->from_server);
}

/* Feeds one row as `line`; *time is that of the row before. */
static inline void
play_row(struct dialogue *d, const struct row *r, uint32_t line, int64_t *time)
{
	struct step steps[DIALOGUE_STEPS];
	struct buf said = { 0 };
	int n;

	if (r->time == NO_TIME)
		*time = CLOCK_NONE;
	else if (r->time)
		*time = r->time * 1000;
	n = dialogue_feed(d, r->what, r->who, slice_of(r->text), line,
	    *time, steps);
	assert_in_range(n, 0, DIALOGUE_STEPS);
	for (int i = 0; i < n; i++)
		describe_step(&said, &steps[i], line);
	buf_add_char(&said, '\0');
	if (strcmp(said.p, r->steps) != 0)
		print_message("line %u: %s\n", (unsigned)line, r->text);
	assert_string_equal(said.p, r->steps);
	buf_free(&said);
}

/* Every row is also fed to a copy first, which must say the same. */
static inline void
play_rows(struct dialogue *d, const struct row *rows, size_t n)
{
	int64_t time = FIRST_TIME * 1000;

	for (size_t i = 0; i < n; i++) {
		struct dialogue copy;
		int64_t copy_time = time;

		dialogue_copy(&copy, d);
		play_row(&copy, &rows[i], (uint32_t)i + 1, &copy_time);
		dialogue_free(&copy);
		play_row(d, &rows[i], (uint32_t)i + 1, &time);
	}
}

/* Plays rows from a fresh start; `left`: commands unanswered at the end. */
static inline void
play_script(enum dialogue_self self, bool bodies, const struct row *rows,
    size_t n, uint32_t left)
{
	struct dialogue d;

	dialogue_init(&d, self, bodies);
	play_rows(&d, rows, n);
	assert_int_equal(dialogue_unanswered(&d, NULL), left);
	dialogue_free(&d);
}

#define PLAY(self, bodies, rows, left) \
	play_script(self, bodies, rows, sizeof (rows) / sizeof *(rows), left)

#endif
