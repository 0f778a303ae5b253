/*
 * The face for tests.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "input/wake.h"
#include "with_stage.h"

#define DEADLINE_MS 10000

/* ,session,sequence, the rest of the line */
#define AT(time, id, seq, peer, rest) \
	"2026-11-23T10:00:" time "Z,EX\\In,08DE29A3B4C500" id "," #seq \
	",10.0.0.5:25," peer "," rest "\r\n"
#define P1 "192.0.2.1:1111"
#define P2 "192.0.2.2:2222"
#define P3 "192.0.2.3:3333"
#define P4 "192.0.2.4:4444"
#define P5 "192.0.2.5:5555"
#define P6 "192.0.2.6:6666"

/*
 * 1: a message is taken.  2: 550 to RCPT.  3: 451 to MAIL, then lost.
 * 4: lost in a transaction.  5: came and went.  6: bytes that are no text,
 * 552 to RCPT, no end.
 */
const char sample_log[] =
    "#Software: Microsoft Exchange Server\r\n"
    "#Version: 15.0.0.0\r\n"
    "#Log-type: SMTP Receive Protocol Log\r\n"
    "#Date: 2026-11-23T10:00:00.000Z\r\n"
    "#Fields: date-time,connector-id,session-id,sequence-number,"
    "local-endpoint,remote-endpoint,event,data,context\r\n"
    AT("00.000", "01", 0, P1, "+,,")
    AT("00.010", "01", 1, P1, ">,220 mx.example.org ESMTP,")
    AT("00.020", "02", 0, P2, "+,,")
    AT("00.030", "01", 2, P1, "<,EHLO one.example.com,")
    AT("00.040", "02", 1, P2, ">,220 mx.example.org ESMTP,")
    AT("00.050", "01", 3, P1, ">,250 mx.example.org,")
    AT("00.060", "01", 4, P1, "<,MAIL FROM:<ann@example.com>,")
    AT("00.070", "02", 2, P2, "<,EHLO two.example.net,")
    AT("00.080", "01", 5, P1, ">,250 2.1.0 Sender OK,")
    AT("00.090", "01", 6, P1, "<,RCPT TO:<bob@example.org>,")
    AT("00.100", "01", 7, P1, ">,250 2.1.5 Recipient OK,")
    AT("00.110", "01", 8, P1, "<,DATA,")
    AT("00.120", "01", 9, P1, ">,354 Start mail input,")
    AT("00.500", "01", 10, P1, ">,250 2.6.0 Queued mail,")
    AT("00.510", "01", 11, P1, "<,QUIT,")
    AT("00.520", "01", 12, P1, ">,221 2.0.0 Bye,")
    AT("00.530", "01", 13, P1, "-,,Local")
    AT("01.000", "02", 3, P2, ">,250 mx.example.org,")
    AT("01.010", "02", 4, P2, "<,MAIL FROM:<carl@example.net>,")
    AT("01.020", "02", 5, P2, ">,250 2.1.0 Sender OK,")
    AT("01.030", "02", 6, P2, "<,RCPT TO:<nobody@example.org>,")
    AT("01.040", "02", 7, P2, ">,550 5.1.10 Recipient not found,")
    AT("01.050", "02", 8, P2, "<,QUIT,")
    AT("01.060", "02", 9, P2, ">,221 2.0.0 Bye,")
    AT("01.070", "02", 10, P2, "-,,Remote")
    AT("02.000", "03", 0, P3, "+,,")
    AT("02.010", "03", 1, P3, ">,220 mx.example.org ESMTP,")
    AT("02.020", "03", 2, P3, "<,HELO three.example.com,")
    AT("02.030", "03", 3, P3, ">,250 mx.example.org,")
    AT("02.040", "03", 4, P3, "<,MAIL FROM:<dora@example.com>,")
    AT("02.050", "03", 5, P3, ">,451 4.7.0 try again later,")
    AT("02.060", "03", 6, P3, "-,,Remote(ConnectionReset)")
    AT("03.000", "04", 0, P4, "+,,")
    AT("03.010", "04", 1, P4, ">,220 mx.example.org ESMTP,")
    AT("03.020", "04", 2, P4, "<,HELO four.example.com,")
    AT("03.030", "04", 3, P4, ">,250 mx.example.org,")
    AT("03.040", "04", 4, P4, "<,MAIL FROM:<emil@example.com>,")
    AT("03.050", "04", 5, P4, ">,250 2.1.0 Sender OK,")
    AT("03.060", "04", 6, P4, "<,RCPT TO:<gina@example.org>,")
    AT("03.070", "04", 7, P4, "-,,Remote(ConnectionReset)")
    AT("04.000", "05", 0, P5, "+,,")
    AT("04.010", "05", 1, P5, ">,220 mx.example.org ESMTP,")
    AT("04.020", "05", 2, P5, "<,QUIT,")
    AT("04.030", "05", 3, P5, ">,221 2.0.0 Bye,")
    AT("04.040", "05", 4, P5, "-,,Local")
    AT("05.000", "06", 0, P6, "+,,")
    AT("05.010", "06", 1, P6, ">,220 mx.example.org ESMTP,")
    AT("05.020", "06", 2, P6, "<,HELO \033[2J\xff.example.com,")
    AT("05.030", "06", 3, P6, ">,250 mx.example.org,")
    AT("05.040", "06", 4, P6, "<,MAIL FROM:<\xe4\xb8\xad@example.com>,")
    AT("05.050", "06", 5, P6, ">,250 2.1.0 Sender OK,")
    AT("05.060", "06", 6, P6, "<,RCPT TO:<quota@example.org>,")
    AT("05.070", "06", 7, P6, ">,552 5.2.2 Mailbox \033]0;full\a,")
    ;

void
with_stage_options(struct with_stage *w, const char *log, int rows, int cols,
    const struct face_options *o)
{
	struct face_options mine = *o;
	struct err err = { "" };

	memset(w, 0, sizeof *w);
	with_log(&w->log, "RECV2026112310-1.LOG", log);
	assert_int_equal(wake_pipe(w->wake, &err), 0);
	mine.store = w->log.store;
	mine.wake[0] = w->wake[0];
	mine.wake[1] = w->wake[1];
	if (!mine.source)
		mine.source = "test.log";
	if (stage_init(&w->stage, &mine, &err) < 0)
		fail_msg("%s", err.text);
	canvas_init(&w->canvas);
	resize(w, rows, cols);
}

void
with_stage(struct with_stage *w, const char *log, int rows, int cols)
{
	struct face_options o = { 0 };

	with_stage_options(w, log, rows, cols, &o);
}

void
without_stage(struct with_stage *w)
{
	stage_free(&w->stage);
	canvas_free(&w->canvas);
	buf_free(&w->screen);
	close(w->wake[0]);
	close(w->wake[1]);
	without_log(&w->log);
}

void
resize(struct with_stage *w, int rows, int cols)
{
	canvas_resize(&w->canvas, rows, cols);
	settle_down(w);
	stage_draw(&w->stage, &w->canvas);
}

void
settle_down(struct with_stage *w)
{
	int64_t deadline = clock_now_ms() + DEADLINE_MS;
	const struct scene *sc = &w->stage.scene;
	bool more = true, busy;

	while (more) {
		if (clock_now_ms() > deadline)
			fail_msg("still busy after %d ms", DEADLINE_MS);
		/* What ends behind an update is news for the next one. */
		busy = selection_progress(sc->selection) >= 0;
		stage_update(&w->stage);
		stage_work(&w->stage, clock_now_ms() + 5, &more);
		more = more || busy || selection_progress(sc->selection) >= 0 ||
		    sc->wake_ms >= 0 || (finder_is_on(&sc->finder) &&
		    (!sc->finder.counts.done || sc->finder.jumping));
	}
	stage_draw(&w->stage, &w->canvas);
}

static void
press_one(struct with_stage *w, int key)
{
	assert_int_not_equal(key, KEYS_NONE);
	w->changed = stage_key(&w->stage, key);
	settle_down(w);
}

void
press(struct with_stage *w, const char *keys)
{
	struct slice rest = slice_of(keys), name;

	while (slice_cut(&rest, ' ', &name))
		press_one(w, keys_by_name(name));
}

void
type(struct with_stage *w, const char *text)
{
	for (; *text; text++)
		press_one(w, (unsigned char)*text);
}

static const char *
dump(struct with_stage *w, bool as_styles)
{
	w->screen.n = 0;
	canvas_dump(&w->canvas, as_styles, &w->screen);
	buf_add_char(&w->screen, '\0');
	return w->screen.p;
}

const char *
screen(struct with_stage *w)
{
	return dump(w, false);
}

const char *
styles(struct with_stage *w)
{
	return dump(w, true);
}

const char *
screen_row(struct with_stage *w, int row)
{
	struct slice rest, line = SLICE("");

	if (row < 0)
		row += w->canvas.rows;
	dump(w, false);
	rest = (struct slice){ w->screen.p, w->screen.n - 1 };
	for (int i = 0; i <= row; i++)
		slice_cut(&rest, '\n', &line);
	memmove(w->screen.p, line.p, line.n);
	w->screen.p[line.n] = '\0';
	return w->screen.p;
}

void
expect_seen(struct with_stage *w, const char *text)
{
	if (!strstr(screen(w), text))
		fail_msg("no \"%s\" in:\n%s", text, w->screen.p);
}

void
expect_not_seen(struct with_stage *w, const char *text)
{
	if (strstr(screen(w), text))
		fail_msg("\"%s\" is in:\n%s", text, w->screen.p);
}

void
expect_cursor_at(struct with_stage *w, const char *text)
{
	for (int row = 1; row < w->canvas.rows - 1; row++) {
		const char *line = screen_row(w, row);

		if (*line != '>')
			continue;
		line += strspn(line + 1, " !/") + 1;
		if (strncmp(line, text, strlen(text)) == 0)
			return;
		fail_msg("the cursor is at \"%s\", not at \"%s\"", line, text);
	}
	fail_msg("no cursor in:\n%s", screen(w));
}
