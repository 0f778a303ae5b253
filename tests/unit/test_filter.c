/*
 * Filters asked of real sessions: a log of seven, whose facts stand beside
 * it, and which of them each expression must leave.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/filter.h"
#include "with_log.h"

#define ROW(time, key, server, peer, what) \
	time "Z,EX01\\Default EX01," key ",1," server "," peer "," what "\r\n"

/* 1: ok.  2: 550 and 451.  3: refused at connect.  4: dropped, TLS, AUTH. */
#define K(n) "08DE29A3B4C5000" n
#define S1(t, what) ROW("2026-11-01T10:0" t, K("1"), "10.0.0.5:25", \
	"192.0.2.10:4001", what)
#define S2(t, what) ROW("2026-11-01T10:2" t, K("2"), "10.0.0.5:25", \
	"192.0.2.20:4002", what)
#define S3(t, what) ROW("2026-11-02T23:3" t, K("3"), "10.0.0.6:25", \
	"10.1.2.3:4003", what)
#define S4(t, what) ROW("2026-11-03T00:1" t, K("4"), "[2001:db8::5]:25", \
	"[2001:db8::25]:4004", what)
/* 5: two messages, no end.  6: came and left. */
#define S5(t, what) ROW("2026-11-03T12:0" t, K("5"), "10.0.0.5:25", \
	"192.0.2.10:4005", what)
#define S6(t, what) ROW("2026-11-03T12:1" t, K("6"), "10.0.0.5:25", \
	"192.0.2.30:4006", what)
/* 7, of the other log: outbound, 451 to MAIL. */
#define S7(t, what) ROW("2026-11-04T08:0" t, K("7"), "10.0.0.5:30007", \
	"198.51.100.9:25", what)

#define HEAD(type) \
	"#Software: Microsoft Exchange Server\r\n#Version: 15.0.0.0\r\n" \
	"#Log-type: SMTP " type " Protocol Log\r\n" \
	"#Date: 2026-11-01T10:00:00.000Z\r\n#Fields: date-time,connector-id," \
	"session-id,sequence-number,local-endpoint,remote-endpoint,event," \
	"data,context\r\n"

static const char receive_log[] =
    HEAD("Receive")
    S1("0:00.000", "+,,")
    S1("0:00.100", ">,220 EX01 ready,")
    S1("0:00.200", "<,EHLO mail.example.org,")
    S1("0:00.300", ">,250 EX01 Hello,")
    S1("0:00.400", "<,MAIL FROM:<ann@play.com> SIZE=20480,")
    S1("0:00.500", ">,250 2.1.0 Sender OK,")
    S1("0:00.600", "<,RCPT TO:<chris@test.com>,")
    S1("0:00.700", ">,250 2.1.5 Recipient OK,")
    S1("0:00.800", "<,DATA,")
    S1("0:00.900", ">,354 Start mail input,")
    S1("0:01.200", ">,\"250 2.6.0 <m1@example.org> [InternalId=77001, "
	"Hostname=EX01] Queued \"\"mail\"\" for delivery\",")
    S1("0:01.300", "<,QUIT,")
    S1("0:01.400", ">,221 2.0.0 closing,")
    S1("0:01.500", "-,,Local")
    S2("0:00.000", "+,,")
    S2("0:00.000", ">,220 EX01 ready,")
    S2("0:01.000", "<,HELO [192.0.2.20],")
    S2("0:01.000", ">,250 EX01 Hello,")
    S2("0:02.000", "<,MAIL FROM:<>,")
    S2("0:02.000", ">,250 2.1.0 Sender OK,")
    S2("0:03.000", "<,RCPT TO:<bob@play.com>,")
    S2("0:03.000", ">,550 5.1.1 User unknown,")
    S2("0:04.000", "<,RCPT TO:<eve@play.com>,")
    S2("0:04.000", ">,451 4.7.1 Mailbox over quota,")
    S2("0:40.000", "<,QUIT,")
    S2("0:40.000", ">,221 2.0.0 closing,")
    S2("0:40.000", "-,,Remote")
    S3("0:00.000", "+,,")
    S3("0:00.000", ">,554 5.7.1 Go away,")
    S3("0:00.000", "-,,Local")
    S4("0:00.000", "+,,")
    S4("0:00.000", ">,220 EX01 ready,")
    S4("0:00.000", "<,EHLO laptop.example.net,")
    S4("0:00.000", ">,250 EX01 Hello,")
    S4("0:00.000", "<,STARTTLS,")
    S4("0:00.000", ">,220 2.0.0 SMTP server ready,")
    S4("0:00.000", "*,,\"TLS protocol SP_PROT_TLS1_2_SERVER negotiation "
	"succeeded using bulk encryption algorithm CALG_AES_256\"")
    S4("0:00.000", "*,CONTOSO\\zoe,authenticated")
    S4("0:00.000", "<,MAIL FROM:<zoe@example.net>,")
    S4("0:00.000", ">,250 2.1.0 Sender OK,")
    S4("0:00.000", "<,RCPT TO:<ann@play.com>,")
    S4("2:00.000", "-,,Remote(ConnectionReset)")
    S6("0:00.000", "+,,")
    S6("0:00.000", ">,220 EX01 ready,")
    S6("0:00.000", "<,QUIT,")
    S6("0:00.000", ">,221 2.0.0 closing,")
    S6("0:00.000", "-,,Local")
    S5("0:00.000", "+,,")
    S5("0:00.000", ">,220 EX01 ready,")
    S5("0:00.000", "<,EHLO mail.example.org,")
    S5("0:00.000", ">,250 EX01 Hello,")
    S5("0:00.000", "<,MAIL FROM:<one@example.org>,")
    S5("0:00.000", ">,250 2.1.0 Sender OK,")
    S5("0:00.000", "<,RCPT TO:<ann@play.com>,")
    S5("0:00.000", ">,250 2.1.5 Recipient OK,")
    S5("0:00.000", "<,RSET,")
    S5("0:00.000", ">,250 2.0.0 Reset,")
    S5("0:00.000", "<,MAIL FROM:<two@example.org>,")
    S5("0:00.000", ">,250 2.1.0 Sender OK,")
    S5("0:00.000", "<,RCPT TO:<dan@test.com>,")
    S5("0:00.000", ">,250 2.1.5 Recipient OK,");

static const char send_log[] =
    HEAD("Send")
    S7("0:00.000", "+,,")
    S7("0:00.000", "<,220 mx.example.org ready,")
    S7("0:00.000", ">,EHLO ex01.test.com,")
    S7("0:00.000", "<,250 mx.example.org,")
    S7("0:00.000", ">,MAIL FROM:<ann@play.com> SIZE=100,")
    S7("0:00.000", "<,451 4.4.2 Later,")
    S7("0:00.000", ">,QUIT,")
    S7("0:00.000", "<,221 2.0.0 bye,")
    S7("0:00.000", "-,,Local");

struct fixture {
	struct with_log log;
	struct filter_context *context;
	struct zone zone;
	/* Number that the index gave to each of the sessions above. */
	uint32_t number[8];
};

/* The digit that ends the session's key is its name here. */
static void
name_sessions(struct fixture *fx)
{
	for (uint32_t i = 1; i <= 7; i++) {
		const struct facts *f = with_session(&fx->log, i);

		assert_int_equal(f->key.n, 16);
		fx->number[f->key.p[15] - '0'] = i;
	}
}

static int
set_up(void **state)
{
	struct fixture *fx = calloc(1, sizeof *fx);

	assert_non_null(fx);
	with_folder(&fx->log);
	with_file(&fx->log, "RECV20261101-1.LOG", receive_log,
	    sizeof receive_log - 1);
	with_file(&fx->log, "SEND20261101-1.LOG", send_log,
	    sizeof send_log - 1);
	assert_true(with_index(&fx->log, NULL));
	assert_int_equal(store_sessions(fx->log.store), 7);
	name_sessions(fx);
	fx->context = filter_context_new(fx->log.store);
	*state = fx;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fx = *state;

	filter_context_free(fx->context);
	without_log(&fx->log);
	free(fx);
	return 0;
}

static struct filter *
parse(const struct fixture *fx, const char *expr)
{
	struct filter_error fe = { .at = 0 };
	struct filter *f = filter_parse(expr, &fx->zone, &fe);

	if (!f)
		fail_msg("%s: %s at %zu", expr, fe.text, fe.at);
	return f;
}

static bool
matches(struct fixture *fx, const struct filter *f, uint32_t number)
{
	struct session rec;

	store_session(fx->log.store, number, &rec);
	return filter_match(f, fx->context, number, &rec);
}

static void
expect(struct fixture *fx, const char *expr, const char *wanted)
{
	struct filter *f = parse(fx, expr);
	char got[8] = "";
	size_t n = 0;

	for (int i = 1; i <= 7; i++)
		if (matches(fx, f, fx->number[i]))
			got[n++] = (char)('0' + i);
	got[n] = '\0';
	if (strcmp(got, wanted) != 0)
		fail_msg("%s: leaves '%s', not '%s'", expr, got, wanted);
	filter_free(f);
}

static void
test_codes(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "", "1234567");
	expect(fx, "code:5xx", "23");
	expect(fx, "code:4xx", "27");
	expect(fx, "code:550", "2");
	expect(fx, "code:554", "3");
	expect(fx, "code:451", "27");
	expect(fx, "code:550..554", "23");
	expect(fx, "code:354", "1");
	expect(fx, "code:25x", "12457");
	expect(fx, "code>=400", "237");
	expect(fx, "code:>=400", "237");
	expect(fx, "code>5xx", "");
	expect(fx, "code<400", "124567");
	expect(fx, "code!=5xx", "14567");
	expect(fx, "code:..299", "124567");
	expect(fx, "worst:5xx", "23");
	expect(fx, "worst:451", "7");
	expect(fx, "worst<400", "1456");
}

static void
test_enhanced(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "esc:5.1.*", "2");
	expect(fx, "esc:5.1", "2");
	expect(fx, "esc:5.1.1", "2");
	expect(fx, "esc:5.1.10", "");
	expect(fx, "esc:5.x.x", "23");
	expect(fx, "esc:4.7.1", "2");
	expect(fx, "esc:2.6.0", "1");
	expect(fx, "esc:[45].*", "237");
	expect(fx, "esc:/^4/", "27");
}

static void
test_paths(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "from:ann@play.com", "17");
	expect(fx, "from:ANN@PLAY.COM", "17");
	expect(fx, "from:<ann@play.com>", "17");
	expect(fx, "from:ann", "");
	expect(fx, "from:@play.com", "17");
	expect(fx, "from:*@play.com", "17");
	expect(fx, "from:*@example.*", "45");
	expect(fx, "from:two@example.org", "5");
	expect(fx, "from:<>", "2");
	expect(fx, "from:\"\"", "2");
	expect(fx, "from:*", "12457");
	expect(fx, "from:/^(one|zoe)@/", "45");
	expect(fx, "-from:@play.com", "23456");
	expect(fx, "to:@play.com", "245");
	expect(fx, "to:eve@play.com", "2");
	expect(fx, "to:dan@test.com", "5");
	expect(fx, "to:*", "1245");
	expect(fx, "from:ann@play.com to:chris@test.com", "1");
}

static void
test_names(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "helo:mail.example.org", "15");
	expect(fx, "helo:*.example.*", "145");
	/* An address literal is no class of characters. */
	expect(fx, "helo:[192.0.2.20]", "2");
	expect(fx, "ehlo:/TEST/", "");
	expect(fx, "ehlo:/test/", "7");
	expect(fx, "server:10.0.0.5", "12567");
	expect(fx, "server:10.0.0.5:25", "1256");
	expect(fx, "server:2001:db8::5", "4");
	expect(fx, "port:25", "7");
	expect(fx, "port:4001..4003", "123");
	expect(fx, "key:08de29a3b4c50003", "3");
	expect(fx, "key:*5", "5");
	expect(fx, "source:RECV*", "123456");
	expect(fx, "source:SEND*", "7");
	expect(fx, "id:77001", "1");
	expect(fx, "auth:contoso\\zoe", "4");
	expect(fx, "auth:*", "4");
	expect(fx, "tls:*TLS1_2*", "4");
	expect(fx, "tls:*", "4");
}

static void
test_peers(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "peer:192.0.2.10", "15");
	expect(fx, "peer:192.0.2.*", "1256");
	expect(fx, "peer:10.0.0.0/8", "3");
	expect(fx, "peer:192.0.2.16/28", "26");
	expect(fx, "peer:192.0.2.10..192.0.2.20", "125");
	expect(fx, "peer:192.0.2.20..", "267");
	expect(fx, "peer:..10.255.255.255", "3");
	expect(fx, "peer:2001:db8::/32", "4");
	expect(fx, "peer:2001:0DB8:0::25", "4");
	expect(fx, "peer:2001:db8:*", "4");
	expect(fx, "peer:0.0.0.0/0", "123567");
	expect(fx, "peer:/^198/", "7");
}

static void
test_failures(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "verb:rcpt", "24");
	expect(fx, "verb:connect", "3");
	expect(fx, "verb:mail", "7");
	expect(fx, "verb:[rm]*", "247");
	expect(fx, "cmd:\"RCPT TO:<bob@play.com>\"", "2");
	expect(fx, "cmd:RCPT*", "24");
	expect(fx, "cmd:/mail from/", "7");
}

static void
test_numbers(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "took>30s", "24");
	expect(fx, "took:40s", "2");
	expect(fx, "took:1s", "1");
	expect(fx, "took:1.5s", "1");
	expect(fx, "took:1.4s", "");
	expect(fx, "took>1500ms", "24");
	expect(fx, "took>=1500ms", "124");
	expect(fx, "took:1s..1m", "12");
	expect(fx, "took>1m30s", "4");
	expect(fx, "lines:3", "3");
	expect(fx, "lines>=14", "15");
	expect(fx, "messages>1", "5");
	expect(fx, "messages:0", "36");
	expect(fx, "rcpts:2..", "25");
	expect(fx, "size>10k", "1");
	expect(fx, "size:20k", "1");
	expect(fx, "size<1k", "7");
	expect(fx, "messages>70000", "");
}

static void
test_number(void **state)
{
	struct fixture *fx = *state;
	char expr[32];

	snprintf(expr, sizeof expr, "number:%u", fx->number[5]);
	expect(fx, expr, "5");
	expect(fx, "number:1..7", "1234567");
	expect(fx, "number>7", "");
}

static void
test_times(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "start:10:00..10:30", "12");
	expect(fx, "start:10:00", "1");
	expect(fx, "start:10:20:00", "2");
	expect(fx, "start:2026-11-01", "12");
	expect(fx, "start>2026-11-01", "34567");
	expect(fx, "start>=2026-11-01T10:20", "234567");
	expect(fx, "start<2026-11-01T10:20", "1");
	expect(fx, "start<=2026-11-01T10:20", "12");
	expect(fx, "start:2026-11-02..2026-11-03", "3456");
	expect(fx, "start:2026-11-03..", "4567");
	expect(fx, "start:..2026-11-01", "12");
	/* Over midnight. */
	expect(fx, "start:23:00..01:00", "34");
	expect(fx, "start>=12:00", "356");
	expect(fx, "start>=\"2026-11-04 08:00\"", "7");
	expect(fx, "end:2026-11-01T10:20:40", "2");
	expect(fx, "end>2026-11-03T00:11", "4567");
	/* An instant in another zone: 11:20 there is 10:20 here. */
	expect(fx, "start:2026-11-01T11:20+01:00", "2");
	expect(fx, "start>=2026-11-01T11:20:00+01:00 start<2026-11-01T10:21Z",
	    "2");
}

static void
test_states(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "is:ok", "1");
	expect(fx, "is:permanent", "23");
	expect(fx, "is:temporary", "7");
	expect(fx, "is:dropped", "4");
	expect(fx, "is:empty", "6");
	expect(fx, "is:open", "5");
	expect(fx, "is:closed", "123467");
	expect(fx, "is:lost", "4");
	expect(fx, "is:failed", "2347");
	expect(fx, "is:fine", "156");
	expect(fx, "!is:failed", "156");
	expect(fx, "!(is:failed or is:ok)", "56");
	expect(fx, "is=failed", "2347");
	expect(fx, "is:in", "123456");
	expect(fx, "is:out", "7");
	expect(fx, "is:tls", "4");
	expect(fx, "is:auth", "4");
	expect(fx, "is:cut", "");
	expect(fx, "is:displaced", "");
	expect(fx, "outcome:OK", "1");
}

static void
test_text(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "quota", "2");
	expect(fx, "QUOTA", "2");
	expect(fx, "\"over quota\"", "2");
	expect(fx, "text:quota", "2");
	expect(fx, "text:/Quota/", "");
	expect(fx, "/over\\s+quota/", "2");
	expect(fx, "/User|Later/", "27");
	/* Anything that stands in the line: stamps, connectors, keys. */
	expect(fx, "2026-11-03", "456");
	expect(fx, "\"Default EX01\"", "1234567");
	expect(fx, "08DE29A3B4C50006", "6");
	/* Glob characters of a bare word are letters. */
	expect(fx, "q*a", "");
	/* A line is a line: nothing is found across two. */
	expect(fx, "/QUIT,\\s+2026/", "");
	expect(fx, "/^2026.*QUIT,$/", "1267");
	/* Interleaved with 6: only its own lines. */
	expect(fx, "one@example.org", "5");
}

static void
test_logic(void **state)
{
	struct fixture *fx = *state;

	expect(fx, "code:5xx or is:dropped", "234");
	expect(fx, "code:5xx code:4xx", "2");
	expect(fx, "not code:5xx", "14567");
	expect(fx, "-(code:5xx or quota or from:@play.com)", "456");
	expect(fx, "(is:ok or is:open) from:@play.com", "1");
	expect(fx, "is:ok or is:open from:@play.com", "1");
	expect(fx, "quota or from:@example.net or is:out", "247");
	expect(fx, "-quota -from:@example.net -is:out", "1356");
	expect(fx, "not (not quota)", "2");
	expect(fx, "(quota or is:ok) (to:bob@play.com or took<2s)", "12");
}

/* The record alone must answer where a filter says that it can. */
static void
test_indexed(void **state)
{
	static const char *const yes[] = {
		"", "code:5xx", "code>=400", "code:200..599", "worst:550",
		"code:4xx", "code:550", "code:450..452", "code:550..554",
		"-is:dropped took>30s", "peer:10.0.0.0/8 or verb:rcpt",
		"lines>3 messages>1 rcpts>60000", "start:10:00..11:00",
		"end<2026-11-01", "number:3 source:x", "code>5xx",
	};
	static const char *const no[] = {
		"code:45x", "code:553", "code:354", "code:500..554",
		"code<500", "from:x", "to:x", "helo:x", "x", "esc:5.1.1",
		"is:ok or x", "size>1", "messages>70000", "took>60d",
		"key:x", "auth:x", "port:25",
	};
	struct fixture *fx = *state;
	struct filter *f;

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
		f = parse(fx, yes[i]);
		if (!filter_is_indexed(f))
			fail_msg("%s is indexed", yes[i]);
		filter_free(f);
	}
	for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
		f = parse(fx, no[i]);
		if (filter_is_indexed(f))
			fail_msg("%s is not indexed", no[i]);
		filter_free(f);
	}
}

/* What the record can answer is answered when the log is gone. */
static void
test_without_log(void **state)
{
	struct fixture *fx = *state;

	for (uint64_t i = 0; i < table_count(&fx->log.store->streams); i++) {
		struct stream *sm = store_stream(fx->log.store, (uint32_t)i);

		for (uint64_t k = 0; k < table_count(&sm->segments); k++) {
			struct segment *seg = table_at(&sm->segments, k);

			atomic_store(&seg->gone, true);
		}
	}
	filter_context_free(fx->context);
	fx->context = filter_context_new(fx->log.store);
	expect(fx, "code:5xx or is:dropped", "234");
	expect(fx, "code:4xx is:temporary", "7");
	expect(fx, "(verb:rcpt or quota) is:dropped", "4");
	expect(fx, "-(is:failed or is:open) -is:ok", "6");
	expect(fx, "from:* is:empty", "");
	expect(fx, "auth:* -is:dropped", "");
	expect(fx, "quota", "");
}

static void
test_limits(void **state)
{
	struct fixture *fx = *state;
	struct filter *f = parse(fx, "/(\\w+\\W*)+(?<=~)$/ number:1");
	uint64_t before = filter_limits(fx->context);

	assert_false(matches(fx, f, 1));
	assert_true(filter_limits(fx->context) > before);
	filter_free(f);
	f = parse(fx, "-/(\\w+\\W*)+(?<=~)$/");
	assert_true(matches(fx, f, 1));
	filter_free(f);
}

static void
test_stop(void **state)
{
	struct fixture *fx = *state;
	atomic_bool stop = true;
	struct filter *f = parse(fx, "quota");

	filter_context_stop(fx->context, &stop);
	assert_false(matches(fx, f, fx->number[2]));
	filter_context_stop(fx->context, NULL);
	assert_true(matches(fx, f, fx->number[2]));
	filter_free(f);
}

/* A log without zone, read with one: 10:00 on its wall is 08:00 UTC. */
static void
test_zone(void **state)
{
	static const char log[] =
	    "4/2/01 10:00:00 AM : A connection was accepted from a.test.com.\n"
	    "4/2/01 10:00:00 AM : <<< HELO a.test.com\n"
	    "4/2/01 10:00:00 AM : >>> 250 OK\n"
	    "4/2/01 10:00:00 AM : <<< QUIT\n"
	    "4/2/01 10:00:00 AM : >>> 221 bye\n";
	struct fixture fx = {
		.zone = { .kind = ZONE_FIXED, .offset = 7200 },
	};
	struct source_label label = { .clock.zone = fx.zone,
		.shown = &fx.zone };

	(void)state;
	with_folder(&fx.log);
	fx.log.label = &label;
	with_file(&fx.log, "L0000001.LOG", log, sizeof log - 1);
	assert_true(with_index(&fx.log, fx.log.path));
	for (int i = 1; i <= 7; i++)
		fx.number[i] = 1;
	fx.context = filter_context_new(fx.log.store);
	expect(&fx, "start:2001-04-02T10:00", "1234567");
	expect(&fx, "start:2001-04-02T08:00Z", "1234567");
	expect(&fx, "start:2001-04-02T10:00Z", "");
	expect(&fx, "start:2001-04-02T08:00Z..2001-04-02T10:00", "1234567");
	expect(&fx, "start>=2001-04-02T09:00Z", "");
	expect(&fx, "start:10:00", "1234567");
	expect(&fx, "peer:a.test.com", "1234567");
	expect(&fx, "peer:*.test.com", "1234567");
	expect(&fx, "peer:10.0.0.0/8", "");
	expect(&fx, "key:*", "");
	expect(&fx, "server:*", "");
	expect(&fx, "port:0..", "");
	filter_context_free(fx.context);
	without_log(&fx.log);
}

/* Several failures in a session, the worst of which is not what is sought. */
#define R(key, ms, what) ROW("2026-11-05T10:00:00." ms, K(key), "10.0.0.5:25", \
	"192.0.2.10:4001", what)
#define TWO(key, first, second) R(key, "001", "+,,") \
	R(key, "002", "<,RCPT TO:<a@play.com>,") R(key, "003", ">," first ",") \
	R(key, "004", "<,RCPT TO:<b@play.com>,") R(key, "005", ">," second ",")

static const char codes_log[] =
    HEAD("Receive")
    TWO("1", "550 no", "554 no")
    TWO("2", "554 no", "550 no")
    TWO("3", "550 no", "550 no")
    TWO("4", "451 later", "452 later")
    TWO("5", "550 no", "451 later")
    R("5", "006", "<,RCPT TO:<c@play.com>,") R("5", "007", ">,552 no,")
    TWO("6", "250 ok", "250 ok")
    TWO("7", "451 later", "550 no");

static void
test_several_codes(void **state)
{
	struct fixture fx = { .number = { 0 } };

	(void)state;
	with_log(&fx.log, "RECV20261105-1.LOG", codes_log);
	name_sessions(&fx);
	fx.context = filter_context_new(fx.log.store);
	expect(&fx, "code:550", "12357");
	expect(&fx, "code:554", "12");
	expect(&fx, "code:552..554", "125");
	expect(&fx, "code:551", "");
	expect(&fx, "code:451", "457");
	expect(&fx, "code:452..499", "4");
	expect(&fx, "code:451..550", "123457");
	expect(&fx, "code:4xx", "457");
	expect(&fx, "code:45x", "457");
	expect(&fx, "code:452", "4");
	expect(&fx, "code:55x", "12357");
	expect(&fx, "code:550..554", "12357");
	expect(&fx, "code:553", "");
	expect(&fx, "code:200..450", "6");
	expect(&fx, "code:503", "");
	filter_context_free(fx.context);
	without_log(&fx.log);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_enhanced),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_failures),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_logic),
		cmocka_unit_test(test_indexed),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_zone),
		cmocka_unit_test(test_several_codes),
		cmocka_unit_test(test_without_log),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
