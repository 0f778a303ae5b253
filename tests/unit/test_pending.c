/*
 * The commands that await their replies: more of them than fit, and copies.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "smtp/dialogue.h"

/* Beyond the limit the oldest are forgotten, and their replies with them. */
static void
test_overflow(void **state)
{
	enum { MORE_THAN_HELD = 10, ALL = PENDING_MAX + MORE_THAN_HELD };
	struct step s[DIALOGUE_STEPS];
	struct dialogue d, copy;
	struct dialogue_command c = { 0 };

	(void)state;
	dialogue_init(&d, SELF_SERVER, false);
	for (uint32_t i = 1; i <= ALL; i++)
		dialogue_feed(&d, UTTER_LINE, SPEAKER_PEER, SLICE("NOOP"), i,
		    0, s);
	assert_int_equal(dialogue_unanswered(&d, &c), ALL);
	assert_int_equal(c.line, 0);
	assert_int_equal(c.verb, VERB_UNKNOWN);
	dialogue_copy(&copy, &d);
	for (uint32_t i = 1; i <= ALL; i++) {
		bool forgotten = i <= MORE_THAN_HELD;

		assert_int_equal(dialogue_feed(&d, UTTER_LINE, SPEAKER_SELF,
		    SLICE("250 ok"), ALL + i, 0, s), 1);
		assert_int_equal(s->verb, forgotten ? VERB_UNKNOWN : VERB_NOOP);
		assert_int_equal(s->command_line, forgotten ? 0 : i);
	}
	assert_int_equal(dialogue_unanswered(&d, NULL), 0);
	assert_int_equal(dialogue_unanswered(&copy, NULL), ALL);
	dialogue_feed(&d, UTTER_LINE, SPEAKER_SELF, SLICE("250 ok"), 1, 0, s);
	assert_int_equal(s->verb, VERB_NONE);
	dialogue_free(&d);
	dialogue_free(&copy);
}

/* The ring against a plain queue, through all its sizes and wraps. */
static void
test_ring(void **state)
{
	struct pending q = { 0 };
	uint32_t said = 0, answered = 0, dice = 12345;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		bool up = (i / 5000) % 2 == 0;

		dice = dice * 1664525 + 1013904223;
		assert_int_equal(q.count, said - answered);
		if (q.count)
			assert_int_equal(pending_at(&q, 0)->line, answered);
		if (q.count)
			assert_int_equal(pending_at(&q, q.count - 1)->line,
			    said - 1);
		if (q.count < PENDING_MAX && (dice >> 16) % 8 < (up ? 5 : 3)) {
			struct dialogue_command c = { .line = said++ };

			pending_add(&q, &c);
		} else if (q.count) {
			pending_drop(&q);
			answered++;
		}
	}
	assert_true(answered > 1000);
	assert_int_equal(q.forgotten, 0);
	pending_free(&q);
}

/* A copy shares no memory with what it was copied from. */
static void
test_copies(void **state)
{
	struct step s[DIALOGUE_STEPS];
	struct dialogue d, copy;

	(void)state;
	dialogue_init(&d, SELF_SERVER, false);
	for (uint32_t i = 1; i <= 40; i++) {
		dialogue_feed(&d, UTTER_LINE, SPEAKER_PEER, SLICE("NOOP"), i,
		    0, s);
		dialogue_copy(&copy, &d);
		for (uint32_t k = 1; k <= i; k++) {
			dialogue_feed(&copy, UTTER_LINE, SPEAKER_SELF,
			    SLICE("250 ok"), 100, 0, s);
			assert_int_equal(s->command_line, k);
		}
		dialogue_feed(&copy, UTTER_LINE, SPEAKER_PEER, SLICE("QUIT"),
		    101, 0, s);
		dialogue_free(&copy);
		assert_int_equal(dialogue_unanswered(&d, NULL), i);
	}
	dialogue_free(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_copies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
