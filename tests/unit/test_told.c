/*
 * Facts that a log tells in words: which message a recipient is of, which
 * command a refusal answers.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "with_log.h"

#define AT "2026-11-23 10:00:00 "
#define FROM " H=(c.example.org) [192.0.2.1] P=esmtp S=321"

static void
assert_slice(struct slice s, const char *want)
{
	if (!slice_eq(s, slice_of(want)))
		fail_msg("'%.*s' is not '%s'", SLICE_ARGS(s), want);
}

/* Messages whose recipients are told when all of them have begun. */
static void
recipients_come_behind_later_messages(void **state)
{
	static const char log[] =
	    AT "1xWMvR-0007qk-1f <= a@example.com" FROM "\n"
	    AT "1xWMvR-0007qk-20 <= b@example.com" FROM "\n"
	    AT "1xWMvR-0007qk-2n <= c@example.com" FROM "\n"
	    AT "1xWMvR-0007qk-20 => v <v@example.net> R=r T=t\n"
	    AT "1xWMvR-0007qk-1f => u <u@example.net> R=r T=t\n"
	    AT "1xWMvR-0007qk-2n => x <x@example.net> R=r T=t\n"
	    AT "1xWMvR-0007qk-2n => y <y@example.net> R=r T=t\n"
	    AT "1xWMvR-0007qk-1f Completed\n"
	    AT "1xWMvR-0007qk-20 Completed\n"
	    AT "1xWMvR-0007qk-2n Completed\n";
	static const char *const want[] = {
		"u@example.net", "v@example.net", "x@example.net",
		"y@example.net",
	};
	static const uint32_t counts[] = { 1, 1, 2 };
	const struct facts *f;
	struct with_log w;
	uint32_t next = 0;

	(void)state;
	with_log(&w, "mainlog", log);
	f = with_session(&w, 1);
	assert_int_equal(f->nmessages, 3);
	assert_int_equal(f->nrecipients, 4);
	for (uint32_t i = 0; i < 3; i++) {
		const struct fact_message *m = &f->messages[i];

		assert_int_equal(m->recipients, counts[i]);
		for (uint32_t k = 0; k < m->recipients; k++)
			assert_slice(f->recipients[m->first_recipient + k].to,
			    want[next++]);
	}
	without_log(&w);
}

static void
assert_failed(const char *log, const char *command)
{
	const struct facts *f;
	struct with_log w;

	with_log(&w, "mainlog", log);
	f = with_session(&w, 1);
	if (command)
		assert_slice(f->failed_command, command);
	else
		assert_null(f->failed_command.p);
	without_log(&w);
}

/* The text is refused by the words "after DATA", which are no command. */
static void
refused_commands_have_their_verb(void **state)
{
	(void)state;
	assert_failed(AT "1xWMvR-0007qk-1f H=(c) [192.0.2.1] F=<a@example.com> "
	    "rejected after DATA: no\n", "DATA");
	assert_failed(AT "plain authenticator failed for (c) [192.0.2.1]: "
	    "535 Incorrect authentication data\n", "AUTH");
	assert_failed(AT "rejected MAIL FROM:<a@example.com> H=(c) [192.0.2.1]: "
	    "message too big: size=180000 max=20000\n", "MAIL");
	assert_failed(AT "H=[192.0.2.1] rejected connection in \"connect\" ACL: "
	    "no\n", NULL);
	assert_failed(AT "unexpected disconnection while reading SMTP command "
	    "from (c) [192.0.2.1] D=0s\n", NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recipients_come_behind_later_messages),
		cmocka_unit_test(refused_commands_have_their_verb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
