/*
 * Events: what logs do to text is undone; an exchange is two lines.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "format/event.h"

static void
gives(unsigned flags, const char *written, const char *want)
{
	struct event ev;
	char out[256];
	struct slice text;

	event_clear(&ev);
	ev.flags = (uint16_t)flags;
	assert_true(strlen(written) <= sizeof out);
	text = event_text(&ev, slice_of(written), out);
	if (!slice_eq(text, slice_of(want)))
		fail_msg("'%s' gives '%.*s'", written, SLICE_ARGS(text));
}

static void
quotes(void **state)
{
	(void)state;
	gives(0, "a\"\"b", "a\"\"b");
	gives(EVENT_QUOTED, "a\"\"b\"", "a\"b\"");
}

static void
plus_signs(void **state)
{
	(void)state;
	gives(EVENT_PLUS, "250+2.1.0+Ok", "250 2.1.0 Ok");
	/* Those of an address are its own. */
	gives(EVENT_PLUS, "RCPT - +TO:<a+b@example.org>+NOTIFY=NEVER",
	    "RCPT TO:<a+b@example.org> NOTIFY=NEVER");
	gives(EVENT_PLUS, "RCPT - +TO:<\"a+b\"@example.org>",
	    "RCPT TO:<\"a b\"@example.org>");
	gives(EVENT_PLUS, "554+<no+end+of+it", "554 <no end of it");
	gives(EVENT_PLUS, "550+<a+b>+<c+d@e>", "550 <a b> <c+d@e>");
}

static void
columns(void **state)
{
	(void)state;
	gives(EVENT_PLUS, "RSET - -", "RSET");
	gives(EVENT_PLUS, "RSET -", "RSET");
	gives(EVENT_PLUS, "QUIT", "QUIT");
	gives(EVENT_PLUS, "EHLO - +-", "EHLO -");
	gives(EVENT_PLUS, "MAIL +FROM:<a@b>", "MAIL FROM:<a@b>");
	gives(EVENT_PLUS, "MAIL -?+FROM:<a@b>", "MAIL FROM:<a@b>");
	gives(EVENT_PLUS, "MAIL -? FROM: maria", "MAIL FROM: maria");
	gives(EVENT_COMMAS, "MAIL, -, FROM:<a@b>", "MAIL FROM:<a@b>");
	gives(EVENT_COMMAS, "XTXT, -, a, b, c", "XTXT a, b, c");
	gives(EVENT_COMMAS, "QUIT, -, -", "QUIT");
	gives(EVENT_COMMAS, "QUIT", "QUIT");
	gives(EVENT_COMMAS, "", "");
}

static void
joined_lines(void **state)
{
	(void)state;
	gives(EVENT_NL, "250-mx.example.org[nl]250-SIZE 9[nl]250 AUTH LOGIN",
	    "250-mx.example.org SIZE 9 AUTH LOGIN");
	gives(EVENT_NL, "550-5.7.1 No,[nl]550-5.7.1 no[nl]550 5.7.2 more",
	    "550-5.7.1 No, no 5.7.2 more");
	gives(EVENT_NL, "220 ready[nl]", "220 ready");
	gives(EVENT_NL, "250-a[nl]550 b", "250-a 550 b");
	gives(EVENT_NL, "[nl]", "");
	gives(EVENT_NL, "EHLO a", "EHLO a");
}

static void
escapes(void **state)
{
	(void)state;
	gives(EVENT_REPR, "a\\r\\n\\x1b\\\\\\'", "a\r\n\x1b\\'");
	gives(EVENT_OCTAL, "a\\033\\nb\\q", "a\033\nb\\q");
	/* As Rust does it. */
	gives(EVENT_REPR, "a\\u{1b}[\\u{202e}b", "a\x1b[\xe2\x80\xae" "b");
	gives(EVENT_REPR, "\\u{}\\u{110000}\\u{1b", "\\u{}\\u{110000}\\u{1b");
	gives(EVENT_REPR, "\\u{0000001b}\\u{d800}", "\\u{0000001b}\\u{d800}");
	gives(EVENT_OCTAL, "\\u{1b}", "\\u{1b}");
}

static void
exchange(void **state)
{
	struct event ev, reply;

	(void)state;
	event_clear(&ev);
	ev.kind = EVENT_EXCHANGE;
	ev.dir = DIR_IN;
	ev.flags = EVENT_PLUS | EVENT_BEGINS | EVENT_UNLINK;
	ev.text = SLICE("QUIT - -");
	ev.context = SLICE("240");
	event_split(&ev, &reply);
	assert_int_equal(ev.kind, EVENT_EXCHANGE);
	assert_int_equal(reply.kind, EVENT_LINE);
	assert_int_equal(reply.dir, DIR_OUT);
	assert_true(slice_eq(reply.text, SLICE("240")));
	assert_int_equal(ev.context.n, 0);
	/* It begins with the command and ends behind the reply. */
	assert_int_equal(ev.flags, EVENT_PLUS | EVENT_BEGINS);
	assert_int_equal(reply.flags, EVENT_PLUS | EVENT_UNLINK);
}

/*
 * The gist of a text is that of what the log meant by it, in each way of
 * writing, also where it is found without undoing that.
 */
static void
gists(void **state)
{
	static const unsigned ways[] = { EVENT_PLUS, EVENT_REPR, EVENT_OCTAL,
		EVENT_COMMAS, EVENT_NL, EVENT_VIS };
	static const char *const texts[] = {
		"EHLO - +mx.example.org", "MAIL, -, FROM:<a@b>,", "QUIT",
		"BDAT - +100+LAST", "BDAT 100 LAST", "bdat 7+LAST", "DATA",
		"DATA x", "XXXX y", "250", "25+", "2++", "2\\6", "+++", ".",
		"250 2.1.5 Recipient ok", "250-2.1.5[nl]250 2.1.5 Ok",
		"250[nl]550 5.1.1 more", "550+5.1.1+<a+b>+who+is+that",
		"550 5.123.123 as long as can be", "550 5.123.1234 none",
		"550 5.1.1\\nin two", "550 5.1.1\\040x and on and on",
		"550          5.1.1 far", "220 - +mx.example.org ESMTP",
		"250, -, what is this", "4\\065\\060 escaped digits here",
		"550 5.1.1, with a comma", "999 is the code of no reply at all",
		"2500 is none either, as it seems", "\\x32\\x35\\x30 Ok", "",
	};

	(void)state;
	for (size_t w = 0; w < sizeof ways / sizeof *ways; w++) {
		for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
			struct gist got, want;
			struct event ev;
			char out[256];

			event_clear(&ev);
			ev.kind = EVENT_LINE;
			ev.flags = (uint16_t)ways[w];
			ev.text = slice_of(texts[i]);
			got = event_gist(&ev);
			want = gist_of(event_text(&ev, ev.text, out));
			if (got.code != want.code || got.verb != want.verb ||
			    got.bits != want.bits ||
			    got.enhanced != want.enhanced)
				fail_msg("%x: '%s': %u %u %u", ways[w],
				    texts[i], got.code, got.verb, got.bits);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes),
		cmocka_unit_test(plus_signs),
		cmocka_unit_test(columns),
		cmocka_unit_test(joined_lines),
		cmocka_unit_test(escapes),
		cmocka_unit_test(exchange),
		cmocka_unit_test(gists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
