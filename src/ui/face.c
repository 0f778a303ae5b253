/*
 * The face: the terminal, the signals and the stage, and the loop that sleeps
 * until one of them has something to say.
 *
 * It polls the terminal and one pipe.  Other threads and signal handlers
 * write to the pipe; when nothing comes, nothing is done and no byte is sent.
 */
#include "config.h"

#include "ui/face.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "ui/signals.h"
#include "ui/stage.h"
#include "ui/term.h"

/* News from other threads are drawn no more often than this. */
#define FRAME_MS 33
/* But who has just opened a log waits for its first session. */
#define FIRST_FRAME_MS 4
/* Work that takes long goes on in pieces of this. */
#define WORK_MS 10

struct face {
	struct face_options options;
	struct stage stage;
	struct stage *ahead;     /* of the end of the log; in front of it */
	struct store *ahead_store;
	struct terminal *terminal;
	struct canvas canvas;
	bool stale;              /* what is drawn is behind */
	bool news;               /* the pipe said that something came */
	bool working;            /* there is more work to do */
	bool quit;
	int end;                 /* by this signal */
	int64_t drawn_at;
	int64_t wake_at;         /* a view wants to be asked then; 0: none */
};

/* The one that is seen. */
static struct stage *
front(struct face *f)
{
	return f->ahead ? f->ahead : &f->stage;
}

static void
leave_ahead(struct face *f)
{
	if (!f->ahead)
		return;
	stage_free(f->ahead);
	free(f->ahead);
	f->options.logs->release_ahead(f->options.logs->arg, f->ahead_store);
	f->ahead = NULL;
	f->stale = f->news = true;
}

/* The end of the log in a stage of its own, chosen and ordered as the list. */
static void
go_ahead(struct face *f)
{
	struct face_options o = f->options;
	struct stage *s = mem_alloc(sizeof *s);
	const struct list *l = &f->stage.list;
	struct err err = { "" };

	o.filter = l->filter.n > 1 ? l->filter.p : NULL;
	o.sorted = true;
	o.sort = l->sort;
	o.reverse = l->reverse;
	o.follow = o.paused = false;
	o.notice = NULL;
	o.indexer = NULL;
	o.whole = &f->stage.scene.progress;
	if (!o.logs || o.logs->ahead(o.logs->arg, &o.store, &err) < 0) {
		scene_mistake(&f->stage.scene, "%s", err.text[0] ? err.text :
		    "the end of the log cannot be read ahead");
		free(s);
		return;
	}
	f->ahead_store = o.store;
	/* What was right before is right now. */
	if (stage_init(s, &o, &err) < 0) {
		o.logs->release_ahead(o.logs->arg, o.store);
		free(s);
		return;
	}
	s->list.quick = l->quick;
	list_apply(&s->list);
	f->ahead = s;
	s->rows = f->stage.rows;
	s->cols = f->stage.cols;
	stage_update(s);
	list_go_end(&s->list);
	scene_hint(&s->scene, "the last %u sessions, read ahead of the index; q "
	    "leads back", (unsigned)store_sessions(s->scene.store));
	f->stale = true;
}

/* The index has come to where the reader is. */
static void
take_over(struct face *f)
{
	struct stage *s = f->ahead;

	if (!s || !progress_is_complete(&f->stage.scene.progress) ||
	    stage_focus(s) != &s->list.view || prompt_is_open(&s->prompt))
		return;
	leave_ahead(f);
	list_go_end(&f->stage.list);
	scene_hint(&f->stage.scene, "the index is complete: these are the newest "
	    "of all");
}

static void
suspend(struct face *f)
{
	term_suspend(f->terminal);
	signals_suspend();
	term_resume(f->terminal);
	f->stale = true;
}

/*
 * The logs again, as another format.  The filter stays, the order, and whether
 * they are followed; what was selected is another log's now.
 */
static void
reopen(struct face *f)
{
	struct face_options o = f->options;
	struct stage old = f->stage;
	char *filter = mem_strdup(old.list.filter.p);
	struct err err = { "" };

	if (!o.logs || o.logs->reopen(o.logs->arg, old.reopen_as,
	    old.reopen_stream, &o, &err) < 0) {
		scene_mistake(&f->stage.scene, "%s", err.text[0] ? err.text :
		    "the log cannot be read again");
		free(filter);
		return;
	}
	o.filter = *filter ? filter : NULL;
	o.sorted = !old.sort_is_ours;
	o.sort = old.list.sort;
	o.reverse = old.list.reverse;
	o.follow = old.scene.following;
	o.paused = false;
	o.notice = NULL;
	f->options = o;
	stage_free(&f->stage);
	/* What was right before is right now. */
	if (stage_init(&f->stage, &f->options, &err) < 0)
		f->quit = true;
	o.logs->release(o.logs->arg);
	f->options.filter = NULL;
	free(filter);
	f->news = true;
}

/* What only the loop can do, for it has the terminal. */
static void
obey(struct face *f, unsigned changed)
{
	struct scene *sc = &front(f)->scene;

	if (changed & ~(unsigned)(CHANGED_QUIT | CHANGED_COPY))
		f->stale = true;
	if (changed & CHANGED_QUIT)
		f->quit = true;
	if (changed & CHANGED_REOPEN)
		reopen(f);
	if (changed & CHANGED_PAUSE)
		stage_command(&f->stage, COMMAND_PAUSE);
	if (changed & CHANGED_AHEAD)
		go_ahead(f);
	if (changed & CHANGED_RETURN)
		leave_ahead(f);
	if (changed & CHANGED_REDRAW)
		term_redraw(f->terminal);
	if (changed & CHANGED_SUSPEND)
		suspend(f);
	if (changed & CHANGED_COPY) {
		if (term_copy(f->terminal, buf_slice(&sc->clip)))
			scene_hint(sc, "copied");
		else
			scene_mistake(sc, "this terminal has no clipboard, "
			    "or the line is too long for it");
		f->stale = true;
	}
}

static void
take_keys(struct face *f)
{
	int key;

	/* A key at a time is drawn, unless more of them wait. */
	while (!f->quit && (key = term_key(f->terminal)) != KEYS_NONE)
		obey(f, stage_key(front(f), key));
}

static void
take_signals(struct face *f)
{
	struct signal_news news;

	signals_take(&news);
	if (news.end)
		f->end = news.end;
	if (news.interrupt)
		obey(f, stage_key(front(f), KEYS_CTRL('C')));
	if (news.suspend)
		suspend(f);
	else if (news.continued)
		term_resume(f->terminal);
	if (news.resized)
		term_resize(f->terminal);
	if (news.continued || news.resized)
		f->stale = true;
}

static void
take_pipe(struct face *f)
{
	char bytes[256];
	bool came = false;

	while (read(f->options.wake[0], bytes, sizeof bytes) > 0)
		came = true;
	if (!came)
		return;
	f->news = true;
	take_signals(f);
}

static void
draw(struct face *f)
{
	int rows = term_rows(f->terminal), cols = term_cols(f->terminal);

	if (f->canvas.rows != rows || f->canvas.cols != cols)
		canvas_resize(&f->canvas, rows, cols);
	stage_draw(front(f), &f->canvas);
	term_draw(f->terminal, &f->canvas);
	f->stale = false;
	f->drawn_at = clock_now_ms();
}

static int
frame_ms(const struct face *f)
{
	return f->stage.scene.progress.sessions ? FRAME_MS : FIRST_FRAME_MS;
}

/* How long poll may sleep; -1: until something comes. */
static int
patience(const struct face *f)
{
	int64_t wait = f->wake_at;

	if (f->working || f->stale)
		return 0;
	if (f->news)
		wait = f->drawn_at + frame_ms(f);
	if (wait == 0)
		return -1;
	wait -= clock_now_ms();
	return wait > 0 ? (int)wait : 0;
}

/* Takes in what other threads have, once a frame. */
static void
update(struct face *f)
{
	int64_t now = clock_now_ms();
	bool due = f->wake_at != 0 && now >= f->wake_at;

	if (!due && (!f->news || now - f->drawn_at < frame_ms(f)))
		return;
	f->news = false;
	if (f->options.indexer)
		indexer_woken(f->options.indexer);
	obey(f, stage_update(&f->stage));
	if (f->ahead)
		obey(f, stage_update(f->ahead));
	take_over(f);
	f->wake_at = front(f)->scene.wake_ms < 0 ? 0 :
	    clock_now_ms() + front(f)->scene.wake_ms + 1;
	/* Even what is not drawn ends a frame. */
	f->drawn_at = clock_now_ms();
}

static void
turn(struct face *f)
{
	struct pollfd fds[2] = {
		{ .fd = term_fd(f->terminal), .events = POLLIN },
		{ .fd = f->options.wake[0], .events = POLLIN },
	};
	bool more;
	int n = poll(fds, 2, patience(f));

	if (n < 0 && errno != EINTR)
		f->end = SIGHUP;
	if (n > 0 && (fds[0].revents & (POLLERR | POLLHUP | POLLNVAL)))
		f->end = SIGHUP;
	if (n > 0 && (fds[0].revents & POLLIN))
		take_keys(f);
	take_pipe(f);
	update(f);
	obey(f, stage_work(front(f), clock_now_ms() + WORK_MS, &more));
	f->working = more;
	if (f->stale && !f->quit && !f->end)
		draw(f);
}

static int
trouble(const char *words)
{
	struct buf safe = { 0 };

	text_safe(&safe, slice_of(words), SIZE_MAX);
	fprintf(stderr, "ehlog: %.*s\n", SLICE_ARGS(buf_slice(&safe)));
	buf_free(&safe);
	return 2;
}

static int
open_screen(struct face *f, struct err *err)
{
	struct theme theme;
	bool colour;

	signals_start(f->options.wake[1]);
	f->terminal = term_open(err);
	if (!f->terminal) {
		signals_stop();
		return -1;
	}
	colour = term_has_colours(f->terminal) && theme_wants_colour();
	/* It was tried before: no setting is wrong. */
	(void)theme_init(&theme, colour, f->options.options, err);
	term_set_theme(f->terminal, &theme);
	canvas_init(&f->canvas);
	return 0;
}

int
face_run(const struct face_options *o)
{
	struct face f = { .options = *o, .news = true };
	struct theme tried;
	struct err err = { "" };

	if (theme_init(&tried, true, o->options, &err) < 0 ||
	    stage_init(&f.stage, &f.options, &err) < 0)
		return trouble(err.text);
	if (open_screen(&f, &err) < 0) {
		stage_free(&f.stage);
		return trouble(err.text);
	}
	stage_update(&f.stage);
	draw(&f);
	while (!f.quit && !f.end)
		turn(&f);
	term_close(f.terminal);
	signals_stop();
	/* What is half done needs no tidying when the process ends. */
	if (f.end)
		signals_die(f.end);
	canvas_free(&f.canvas);
	leave_ahead(&f);
	stage_free(&f.stage);
	return 0;
}
