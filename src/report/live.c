/*
 * The indexer runs in its thread and wakes this one, which asks of the sessions
 * that were open whether they are over.
 */
#include "config.h"

#include "report/live.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

#include "base/mem.h"
#include "index/forget.h"
#include "index/indexer.h"
#include "input/wake.h"
#include "report/writing.h"

struct watching {
	const struct live *live;
	struct indexer *indexer;
	struct source_label *labels;
	int wake[2];
	sigset_t asleep;         /* signals that are let in while it sleeps */
	struct writing writing;
	uint32_t *open;          /* numbers of sessions that are not over */
	size_t nopen, open_cap;
	uint64_t seen;           /* sessions that were looked at */
	uint32_t trouble_seen;
};

/* Signal handlers can be handed nothing. */
static volatile sig_atomic_t asked_to_end;

static void
on_signal(int sig)
{
	(void)sig;
	asked_to_end = 1;
}

/* The end is asked for by signals, which come only while it sleeps. */
static void
catch_signals(struct watching *w)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct sigaction old;

		/* nohup(1) and its like are heard. */
		if (sigaction(ends[i], NULL, &old) == 0 &&
		    old.sa_handler == SIG_IGN)
			continue;
		sigaddset(&set, ends[i]);
		sigaction(ends[i], &sa, NULL);
	}
	pthread_sigmask(SIG_BLOCK, &set, &w->asleep);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		sigdelset(&w->asleep, ends[i]);
}

static void
sleep_until_news(struct watching *w)
{
	char bytes[64];
	fd_set set;

	FD_ZERO(&set);
	FD_SET(w->wake[0], &set);
	if (pselect(w->wake[0] + 1, &set, NULL, NULL, NULL, &w->asleep) < 0)
		return;
	while (read(w->wake[0], bytes, sizeof bytes) > 0)
		;
	indexer_woken(w->indexer);
}

/* Records are published before the lines they own. */
static bool
is_over(const struct store *st, const struct session *rec)
{
	return !session_is_living(rec) &&
	    rec->last <= stream_lines(store_stream(st, rec->stream));
}

/*
 * What is open stays; what is before all of it goes, but who is silent holds up
 * nobody.  An index that is kept on disk is written when all is over.
 */
static void
forget(const struct watching *w)
{
	struct store *st = w->live->store;
	uint64_t number = w->seen + 1;

	if (request_keep(w->live->request))
		return;
	for (size_t i = 0; i < w->nopen; i++) {
		struct session rec;

		store_session(st, w->open[i], &rec);
		if (!session_is_silent(st, &rec)) {
			number = w->open[i];
			break;
		}
	}
	store_forget(st, (uint32_t)number, w->open, w->nopen);
}

/* Writes what is over by now; `all`: what is open, too. */
static void
look(struct watching *w, bool all)
{
	const struct store *st = w->live->store;
	uint64_t n = store_sessions(st);
	size_t kept = 0;

	mem_reserve(&w->open, &w->open_cap,
	    w->nopen + (size_t)(n - w->seen) + 1, sizeof *w->open);
	while (w->seen < n)
		w->open[w->nopen++] = (uint32_t)++w->seen;
	for (size_t i = 0; i < w->nopen; i++) {
		struct session rec;

		store_session(st, w->open[i], &rec);
		if (all || is_over(st, &rec))
			writing_session(&w->writing, w->open[i], &rec);
		else
			w->open[kept++] = w->open[i];
	}
	w->nopen = kept;
	forget(w);
	writing_flush(&w->writing);
}

static void
tell_troubles(struct watching *w)
{
	struct err err;

	while (indexer_trouble(w->indexer, &w->trouble_seen, &err))
		w->live->complain(w->live->arg, err.text);
	while (indexer_note(w->indexer, &err))
		w->live->say(err.text);
}

static void
watch_until_end(struct watching *w)
{
	struct progress p;

	do {
		/* First how far it is, then what is there. */
		store_progress(w->live->store, &p);
		look(w, false);
		tell_troubles(w);
		if (!p.over && !w->writing.full && !asked_to_end)
			sleep_until_news(w);
	} while (!p.over && !w->writing.full && !asked_to_end);
	indexer_stop(w->indexer);
	look(w, true);
	tell_troubles(w);
}

static int
begin(struct watching *w, struct err *err)
{
	const struct options *o = w->live->options;
	const struct request *r = w->live->request;
	struct indexer_options io = {
		.formats = &r->formats, .format = r->format,
		.sources = w->live->sources, .follow = true,
		.labels = w->labels = request_labels(o),
		.keep = request_keep(r),
	};

	if (wake_pipe(w->wake, err) < 0)
		return -1;
	io.wake_fd = w->wake[1];
	sources_listen(w->live->sources);
	w->indexer = indexer_new(w->live->store, o->paths, o->npaths, &io,
	    w->live->complain, w->live->arg, err);
	if (!w->indexer)
		return -1;
	catch_signals(w);
	return indexer_start(w->indexer, err);
}

uint64_t
live_run(const struct live *l)
{
	struct watching w = { .live = l, .wake = { -1, -1 } };
	struct err err = { "" };

	if (begin(&w, &err) == 0) {
		writing_begin(&w.writing, l->form, &l->report, l->store,
		    request_filter(l->request, &l->options->zone));
		watch_until_end(&w);
		if (writing_end(&w.writing, &err) < 0)
			l->complain(l->arg, err.text);
		if (w.writing.met_limit)
			l->complain(l->arg, "a pattern met its limit: some "
			    "sessions may be missing");
	} else if (w.indexer || w.wake[0] < 0) {
		l->complain(l->arg, err.text);
	}
	indexer_free(w.indexer);
	for (int i = 0; i < 2; i++)
		if (w.wake[i] >= 0)
			close(w.wake[i]);
	free(w.labels);
	free(w.open);
	return w.writing.rows;
}
