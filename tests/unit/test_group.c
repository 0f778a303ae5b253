/*
 * Grouping: replies of one reason become one text, rows come by count.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "query/group.h"
#include "smtp/reply.h"

static void
check(const char *text, const char *expected)
{
	struct buf b = { 0 };

	group_normalise(&b, 0, 0, slice_of(text));
	buf_add_char(&b, '\0');
	assert_string_equal(b.p, expected);
	buf_free(&b);
}

static void
test_codes_stay(void **state)
{
	struct buf b = { 0 };

	(void)state;
	group_normalise(&b, 550, ENHANCED(5, 1, 1),
	    SLICE("<ann@play.com> unknown"));
	buf_add_char(&b, '\n');
	group_normalise(&b, 550, 0, SLICE("No such user"));
	buf_add_char(&b, '\n');
	/* No text: nothing but the codes, no blank behind them. */
	group_normalise(&b, 421, ENHANCED(4, 4, 2), SLICE_NONE);
	buf_add_char(&b, '\n');
	group_normalise(&b, 451, 0, SLICE("  "));
	buf_add_char(&b, '\n');
	group_normalise(&b, 0, 0, SLICE_NONE);
	buf_add_char(&b, '\0');
	assert_string_equal(b.p, "550 5.1.1 <addr> unknown\n"
	    "550 No such user\n421 4.4.2\n451\n");
	buf_free(&b);
}

static void
test_addresses(void **state)
{
	(void)state;
	check("<ann@play.com>: Recipient address rejected",
	    "<addr>: Recipient address rejected");
	check("<chris17@play.com>: Recipient address rejected",
	    "<addr>: Recipient address rejected");
	check("ann@play.com... User unknown", "<addr>... User unknown");
	check("mailbox of 'ann@play.com' is full", "mailbox of '<addr>' is full");
	check("user ann@play.com.", "user <addr>.");
	/* Bounce addresses hold an equals sign. */
	check("bounce-7=ann=play.com@list.example.org refused",
	    "<addr> refused");
	check("from=<ann@play.com> to=chris@play.com", "from=<addr> to=<addr>");
	check("<\"x, y\"@play.com> and \"x, y\"@play.com unknown",
	    "<addr> and <addr> unknown");
	check("<\"a>b\"@play.com> unknown", "<addr> unknown");
	check("<\"a\\\"b\"@play.com> unknown", "<addr> unknown");
	check("o'hara@play.com: can't, 'ann@play.com'",
	    "<addr>: can't, '<addr>'");
	check("\"a b\" is no address", "\"a b\" is no address");
	check("<root> unknown", "<addr> unknown");
	check("from <>", "from <>");
	check("end with <CRLF>.<CRLF>", "end with <CRLF>.<CRLF>");
	check("<j\xc3\xb6rg@example.org> unknown", "<addr> unknown");
}

static void
test_hosts(void **state)
{
	(void)state;
	check("Client host [192.0.2.1] blocked", "Client host [<ip>] blocked");
	check("192.0.2.1:25 and 10.0.0.0/8", "<ip> and <ip>");
	check("[IPv6:2001:db8::1] and 2001:db8::25", "[<ip>] and <ip>");
	check("mx1.example.org rejects EX01.contoso.com",
	    "<host> rejects <host>");
	check("see https://www.example.org/query/ip/192.0.2.1?q=ann@play.com",
	    "see https://www.example.org/query/ip/<ip>?q=<addr>");
	/* What Exchange found is no host. */
	check("RESOLVER.ADR.RecipientNotFound; Recipient ann@play.com not "
	    "found", "RESOLVER.ADR.RecipientNotFound; Recipient <addr> not "
	    "found");
	check("STOREDRV.Deliver.Exception:QuotaExceededException; RESOLVER.ADR",
	    "STOREDRV.Deliver.Exception:QuotaExceededException; RESOLVER.ADR");
	check("MX.PLAY.COM and MailServer.play.com", "<host> and <host>");
	/* Not a host: its last label is a number. */
	check("TLSv1.2 needed", "TLSv<n> needed");
	check("999.1.2.300 is no address", "<n> is no address");
}

static void
test_ids(void **state)
{
	(void)state;
	check("queued as 4F2A1B", "queued as <id>");
	check("Ok: queued as ABCDEF", "Ok: queued as <id>");
	check("4XyzAbQ1rTz9 rejected", "<id> rejected");
	check("try later a1-20020a05622a1a87b0 - gsmtp",
	    "try later <id> - gsmtp");
	check("id 16ZCW1-0005MB-00", "id <id>");
	check("<abc.1@mx.example.org> [InternalId=35253091762181, "
	    "Hostname=EX01.example.com] Queued mail for delivery",
	    "<id> [InternalId=<id>, Hostname=<host>] Queued mail for delivery");
	check("[InternalId=7, Hostname=EX01]", "[InternalId=<id>, Hostname=<host>]");
	check("sid 08dc42c8-ff23-6a1f-aaaa-0123456789ab end", "sid <id> end");
	/* Words stay words. */
	check("Unauthenticated deadbeef facade", "Unauthenticated deadbeef facade");
	check("8BITMIME not supported", "8BITMIME not supported");
}

static void
test_numbers_and_times(void **state)
{
	(void)state;
	check("size 35882577 exceeds 10MB or 1,024 or 1.5 GB",
	    "size <n> exceeds <n>MB or <n> or <n> GB");
	check("user17 over quota", "user<n> over quota");
	check("user1234567 over quota", "user<n> over quota");
	check("ready at Wed, 13 Mar 2024 10:01:17 +0100, bye",
	    "ready at <time>, bye");
	check("ready at Thu, 4 Apr 2024 1:01:17 -0700, bye",
	    "ready at <time>, bye");
	check("until 10:30 or 2026-11-23T10:00:00.123Z or 2026-11-23",
	    "until <time> or <time> or <time>");
	check("may not send in March", "may not send in March");
}

static void
test_codes_in_text_stay(void **state)
{
	(void)state;
	check("host said: 550 5.1.1 no such user", "host said: 550 5.1.1 no such user");
	check("(#5.1.2) bad", "(#5.1.2) bad");
	check("after 550 tries", "after <n> tries");
}

static void
test_blanks_and_bytes(void **state)
{
	struct buf b = { 0 };
	const char odd[] = { 'a', '\0', '\xff', '<', ' ', '\t', 'b' };

	(void)state;
	check("  too   many\t blanks ", "too many blanks");
	check("<", "<");
	check("<<>>", "<<>>");
	check("= : - 'x'", "= : - 'x'");
	group_normalise(&b, 0, 0, (struct slice){ odd, sizeof odd });
	assert_int_equal(b.n, 6);
	assert_memory_equal(b.p, "a\0\xff< b", 6);
	buf_free(&b);
}

/* A text that goes on for ever is cut; ids before the cut do not move it. */
static void
test_long_text(void **state)
{
	struct buf in[2] = { 0 }, out[2] = { 0 };

	(void)state;
	for (int k = 0; k < 2; k++) {
		buf_add(&in[k], k ? SLICE("1") : SLICE("123456789"));
		for (int i = 0; i < 5000; i++)
			buf_add(&in[k], SLICE(" word"));
		group_normalise(&out[k], 550, 0, buf_slice(&in[k]));
	}
	assert_true(out[0].n >= 400 && out[0].n < 500);
	assert_true(slice_eq(buf_slice(&out[0]), buf_slice(&out[1])));
	for (int k = 0; k < 2; k++) {
		buf_free(&in[k]);
		buf_free(&out[k]);
	}
}

static void
expect_row(const struct group_row *r, const char *text, uint64_t count,
    uint64_t failed)
{
	assert_true(slice_eq(r->text, slice_of(text)));
	assert_int_equal(r->count, count);
	assert_int_equal(r->failed, failed);
}

static void
test_rows(void **state)
{
	struct group *g = group_new();
	const struct group_row *rows;
	char text[8] = "b";

	(void)state;
	assert_int_equal(group_rows(g, &rows), 0);
	group_add(g, slice_of(text), true);
	text[0] = 'a';           /* the group keeps its own copy */
	group_add(g, slice_of(text), false);
	group_add(g, SLICE("c"), false);
	group_add(g, SLICE("c"), true);
	group_add(g, SLICE_NONE, false);
	assert_int_equal(group_rows(g, &rows), 4);
	expect_row(&rows[0], "c", 2, 1);
	expect_row(&rows[1], "", 1, 0);
	expect_row(&rows[2], "a", 1, 0);
	expect_row(&rows[3], "b", 1, 1);
	/* Counting goes on after rows were asked for. */
	group_add(g, SLICE("b"), false);
	group_add(g, SLICE("b"), false);
	assert_int_equal(group_rows(g, &rows), 4);
	expect_row(&rows[0], "b", 3, 1);
	expect_row(&rows[1], "c", 2, 1);
	group_free(g);
	group_free(NULL);
}

static void
test_many_rows(void **state)
{
	struct group *g = group_new();
	const struct group_row *rows;
	struct buf b = { 0 };

	(void)state;
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < 5000; i++) {
			b.n = 0;
			buf_addf(&b, "peer %d", i);
			group_add(g, buf_slice(&b), i == 7);
		}
	group_add(g, SLICE("peer 4999"), false);
	assert_int_equal(group_rows(g, &rows), 5000);
	expect_row(&rows[0], "peer 4999", 3, 0);
	expect_row(&rows[1], "peer 0", 2, 0);
	expect_row(&rows[4999], "peer 999", 2, 0);
	buf_free(&b);
	group_free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_stay),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_numbers_and_times),
		cmocka_unit_test(test_codes_in_text_stay),
		cmocka_unit_test(test_blanks_and_bytes),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_many_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
