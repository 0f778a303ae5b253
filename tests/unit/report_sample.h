/*
 * A session for tests of reports, made by hand, and the text that a form
 * makes of sessions.
 */
#ifndef EHLOG_TESTS_REPORT_SAMPLE_H
#define EHLOG_TESTS_REPORT_SAMPLE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "report/report.h"

#define SAMPLE_LINES 9

struct sample {
	struct format format;
	struct stream stream;
	struct fact_line lines[SAMPLE_LINES];
	struct fact_reply replies[4];
	struct fact_message message;
	struct fact_recipient recipient;
	struct facts f;
};

static inline int64_t
sample_time(int ms)
{
	static const struct civil midnight = { .year = 2026, .month = 11,
	    .day = 23 };

	return clock_from_civil(&midnight) + ms;
}

static inline void
sample_line(struct sample *s, int i, enum role role, int ms, const char *text)
{
	s->lines[i] = (struct fact_line){
		.line = 100 + 3 * (uint32_t)i, .role = role,
		.reply = FACT_NONE, .about = FACT_NONE,
		.time = sample_time(ms), .text = slice_of(text),
	};
}

static inline void
sample_reply(struct sample *s, int i, int line, unsigned code,
    uint32_t enhanced, uint32_t command, const char *text)
{
	s->lines[line].code = (uint16_t)code;
	s->lines[line].reply = (uint32_t)i;
	s->lines[line].from_server = true;
	s->replies[i] = (struct fact_reply){
		.code = (uint16_t)code, .enhanced = enhanced,
		.line = (uint32_t)line, .command = command,
		.text = slice_of(text),
	};
}

/* Nothing but a number: all that can be unknown is. */
static inline void
sample_nothing(struct sample *s)
{
	*s = (struct sample){
		.format = { .name = "exchange-csv" },
		.stream = { .name = (char *)(uintptr_t)"RECV2026112300-1.LOG" },
		.f = { .number = 7, .port = -1, .end = CLOCK_NONE,
		    .worst = FACT_NONE },
	};
	s->stream.format = &s->format;
	s->f.stream = &s->stream;
	s->f.rec.start = CLOCK_NONE;
	s->f.rec.state = OUTCOME_EMPTY | ENDING_SAID << 4;
}

/* A session whose recipient was refused. */
static inline void
sample_refused(struct sample *s)
{
	struct facts *f = &s->f;

	sample_nothing(s);
	s->stream.traits = (struct format_traits){ true, true };
	sample_line(s, 0, ROLE_OPEN, 88, "");
	sample_line(s, 1, ROLE_REPLY, 101, "220 ex01.example.com ready");
	sample_line(s, 2, ROLE_COMMAND, 160, "EHLO mail21.example.org");
	sample_line(s, 3, ROLE_REPLY, 161, "250 ex01.example.com SIZE");
	sample_line(s, 4, ROLE_COMMAND, 200, "MAIL FROM:<> SIZE=2048");
	sample_line(s, 5, ROLE_REPLY, 212, "250 2.1.0 Sender OK");
	sample_line(s, 6, ROLE_COMMAND, 1420, "RCPT TO:<chris@play.com>");
	sample_line(s, 7, ROLE_REPLY, 1431, "550 5.7.1 not, \"ever\"");
	sample_line(s, 8, ROLE_CLOSE, 2188, "");
	s->lines[8].context = SLICE("Remote(ConnectionReset)");
	s->lines[6].failed = s->lines[7].failed = true;
	sample_reply(s, 0, 1, 220, 0, FACT_NONE, "ex01.example.com ready");
	sample_reply(s, 1, 3, 250, 0, 2, "ex01.example.com SIZE");
	sample_reply(s, 2, 5, 250, ENHANCED(2, 1, 0), 4, "Sender OK");
	sample_reply(s, 3, 7, 550, ENHANCED(5, 7, 1), 6, "not, \"ever\"");
	s->recipient = (struct fact_recipient){
		.to = SLICE("chris@play.com"), .code = 550,
		.enhanced = ENHANCED(5, 7, 1), .text = s->replies[3].text };
	s->message = (struct fact_message){ .from = { "", 0 },
	    .has_size = true, .size = 2048, .recipients = 1 };
	f->number = 21;
	f->key = SLICE("08DC42C8FF236A1F");
	f->peer = SLICE("192.0.2.210");
	f->port = 50447;
	f->server = SLICE("10.0.0.5:25");
	f->helo = SLICE("mail21.example.org");
	f->commands = 3;
	f->end = sample_time(2188);
	f->lines = s->lines;
	f->nlines = SAMPLE_LINES;
	f->replies = s->replies;
	f->nreplies = 4;
	f->messages = &s->message;
	f->nmessages = 1;
	f->recipients = &s->recipient;
	f->nrecipients = 1;
	f->worst = 3;
	f->failed_command = s->lines[6].text;
	f->rec = (struct session){
		.start = sample_time(88), .duration = 2100,
		.first = 100, .last = 124, .lines = SAMPLE_LINES,
		.worst = 550, .enhanced = ENHANCED(5, 7, 1),
		.verb = VERB_RCPT, .flags = SESSION_SIDE_KNOWN,
		.messages = 1, .recipients = 1,
		.state = OUTCOME_PERMANENT | ENDING_SAID << 4,
	};
}

/* A command that failed for its credentials, in place of RCPT. */
static inline void
sample_make_auth(struct sample *s)
{
	s->lines[6].text = SLICE("AUTH PLAIN AGFubgBzZWNyZXQ=");
	s->lines[6].verb = VERB_AUTH;
	s->f.failed_command = s->lines[6].text;
}

/* What a form makes of one session, `times` over.  To be freed. */
static inline char *
sample_report(const char *form, struct report_options o, const struct facts *f,
    int times)
{
	const struct report_format *rf = report_by_name(form);
	char *text = NULL;
	size_t n = 0;
	void *state = NULL;

	assert_non_null(rf);
	o.out = open_memstream(&text, &n);
	assert_non_null(o.out);
	assert_int_equal(rf->begin(&state, &o), 0);
	for (int i = 0; i < times; i++)
		assert_int_equal(rf->row(state, &o, f), 0);
	assert_int_equal(rf->end(state, &o), 0);
	assert_int_equal(fclose(o.out), 0);
	return text;
}

static inline void
sample_expect(const char *form, const struct report_options *o,
    const struct facts *f, const char *expected)
{
	char *text = sample_report(form, *o, f, 1);

	assert_string_equal(text, expected);
	free(text);
}

/* Locale of the tests: UTF-8, whatever the user has. */
static inline int
sample_setup(void **state)
{
	(void)state;
	if (!setlocale(LC_ALL, "C.UTF-8") && !setlocale(LC_ALL, "en_US.UTF-8"))
		return -1;
	text_init(true);
	return 0;
}

#endif
