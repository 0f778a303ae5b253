/*
 * Planning: from paths to streams.
 */
#include "config.h"

#include "index/plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/intern.h"
#include "base/mem.h"
#include "input/file.h"
#include "input/rotation.h"

static void
add_file(struct plan *p, const char *path, const struct source_label *label,
    const struct format *fm, const struct look_found *found, const char *why)
{
	struct slice folder = planned_folder(path);
	bool rotated;
	char *key = planned_key(fm, planned_name(path), &rotated);
	char *first = rotated ? planned_first_key(fm, key) : NULL;
	struct planned_file file = { .began = found ? found->began :
	    CLOCK_NONE, .packed = found && found->packed,
	    .size = found ? found->size : 0 };
	struct planned_stream *ps = planned_find(p->stream, p->n, fm, folder,
	    first, label);

	file.second = ps != NULL;
	free(first);
	if (!ps)
		ps = planned_find(p->stream, p->n, fm, folder, key, label);
	if (ps) {
		free(key);
		planned_check_clock(ps, path, label);
		if (p->begun && planned_was_read(ps, path))
			return;
		p->sources++;
		file.path = mem_strdup(path);
		planned_add(ps, file, p->begun);
		/* The first file's head says how the stream begins. */
		if (!p->begun && !file.second && ps->file[0].path == file.path) {
			ps->state = found->state;
			ps->traits = found->traits;
		}
		return;
	}
	p->sources++;
	mem_reserve(&p->stream, &p->cap, p->n + 1, sizeof *p->stream);
	ps = &p->stream[p->n++];
	*ps = (struct planned_stream){
		.format = fm, .label = *label, .folder = mem_slicedup(folder),
		.key = key, .rotated = rotated,
	};
	if (found) {
		ps->state = found->state;
		ps->traits = found->traits;
		ps->why = mem_strdup(why);
	}
	file.path = mem_strdup(path);
	planned_add(ps, file, p->begun);
}

/* A name that a stream reads already: what comes under it is the tail's. */
static bool
is_planned(const struct plan *p, const char *path)
{
	for (size_t i = 0; i < p->n; i++)
		for (size_t k = 0; k < p->stream[i].n; k++)
			if (strcmp(p->stream[i].file[k].path, path) == 0)
				return true;
	return false;
}

const struct format *
plan_choice(const struct plan *p, const char *path, const struct format *forced)
{
	for (size_t i = 0; i < p->nchoices; i++)
		if (strcmp(p->choice[i].path, path) == 0)
			return p->choice[i].format;
	return forced;
}

struct complaints {
	void (*complain)(void *arg, const char *words);
	void *arg;
	struct err *last;
};

static void
complain_of(const struct complaints *c, const char *words)
{
	if (!c)
		return;
	err_set(c->last, "%s", words);
	c->complain(c->arg, words);
}

const struct source_label *
plan_label(const struct plan *p, size_t i)
{
	static const struct source_label none;

	return p->labels ? &p->labels[i] : &none;
}

/* --- pipes and archives ------------------------------------------------------ */

/* Its name has no folder, whatever it looks like. */
static void
add_pipe(struct plan *p, struct source *pipe, const struct source_label *label)
{
	struct planned_stream *ps;

	add_file(p, pipe->path, label, NULL, NULL, NULL);
	ps = &p->stream[p->n - 1];
	ps->file[0].pipe = pipe;
	ps->folder[0] = '\0';
}

/* What it holds is not known before it comes. */
static enum look_is
look_at_pipe(struct plan *p, const char *path,
    const struct source_label *label, struct err *why)
{
	struct source *pipe = NULL;

	if (!p->pipes)
		err_set(why, "%s: is no regular file", path);
	else
		pipe = sources_pipe(p->pipes, path, why);
	if (!pipe)
		return LOOK_UNREADABLE;
	add_pipe(p, pipe, label);
	return LOOK_LOG;
}

static void
add_command(struct plan *p, size_t i, const struct source_label *label,
    const struct complaints *c)
{
	struct err why;
	struct source *pipe = sources_command(p->pipes, i, &why);

	if (pipe)
		add_pipe(p, pipe, label);
	else
		complain_of(c, why.text);
}

struct archive_look {
	struct plan *plan;
	const struct source_label *label;
	const struct format *forced;
	const struct complaints *complaints;
	const char *bytes;
	struct look_when when;
	struct intern names;
	size_t looked, good, bad, told;
};

static void
look_at_member(void *arg, const char *path, size_t n, const struct err *why)
{
	struct archive_look *a = arg;
	struct plan *p = a->plan;
	struct look_found found;
	struct err words;

	if (intern_add(&a->names, slice_of(path)) <= a->looked) {
		err_set(&words, "%s: is there twice: only the first is read",
		    path);
		complain_of(a->complaints, words.text);
		a->told++;
		return;
	}
	a->looked++;
	if (n == 0 && why->text[0]) {
		complain_of(a->complaints, why->text);
		a->told++;
	} else if (is_planned(p, path)) {
		a->good++;
	} else if (look_at_head(path,
	    (struct slice){ a->bytes, n }, a->when, p->formats,
	    plan_choice(p, path, a->forced), &found, &words) == LOOK_LOG) {
		found.packed = true;
		add_file(p, path, a->label, found.format, &found, words.text);
		a->good++;
	} else {
		a->bad++;
	}
}

/* Its files are logs, or not, one by one.  No words: all is said. */
static enum look_is
look_into(struct plan *p, const struct gathered *g, const struct format *forced,
    const struct complaints *c, struct err *why)
{
	const char *path = g->path;
	char *bytes = mem_alloc(LOOK_HEAD);
	const struct source_label *label = plan_label(p, g->from);
	struct archive_look a = { .plan = p, .label = label,
	    .forced = forced, .complaints = c, .bytes = bytes };
	struct file_id id;

	intern_init(&a.names);
	if (file_look(path, &id))
		a.when = (struct look_when){ id.written,
		    source_clock_ahead(&label->clock) };
	if (source_members(path, bytes, LOOK_HEAD, look_at_member, &a,
	    why) < 0) {
		complain_of(c, why->text);
		a.told++;
	}
	intern_free(&a.names);
	free(bytes);
	why->text[0] = '\0';
	if (a.good == 0 && a.told == 0)
		err_set(why, "%s: holds no SMTP log (%zu %s looked at)", path,
		    a.bad, a.bad == 1 ? "file" : "files");
	return a.good ? LOOK_LOG : LOOK_NO_LOG;
}

/*
 * Looks at one gathered file, or takes what `seen` says of its head;
 * LOOK_LOG, too, for one that may become a log.
 */
static enum look_is
look_at(struct plan *p, struct gathered *g, const struct format *forced,
    bool follow, const struct look_job *seen, const struct complaints *c,
    struct err *why)
{
	const struct source_label *label = plan_label(p, g->from);
	struct look_found found;
	enum look_is look;
	bool into = false;

	if ((p->begun || g->member) && is_planned(p, g->path))
		return LOOK_LOG;
	if (g->pipe)
		return look_at_pipe(p, g->path, label, why);
	if (g->missing) {
		add_file(p, g->path, label, NULL, NULL, NULL);
		return LOOK_LOG;
	}
	if (seen) {
		look = seen->is;
		found = seen->found;
		*why = seen->why;
	} else {
		look = look_at_file(g->path,
		    source_clock_ahead(&label->clock), p->formats,
		    plan_choice(p, g->path, forced), &found, why);
	}
	/* A named file that is empty has its place in the order. */
	if (look == LOOK_EMPTY && follow && !g->in_folder) {
		add_file(p, g->path, label, NULL, NULL, NULL);
		return LOOK_LOG;
	}
	if (look == LOOK_ARCHIVE) {
		into = true;
		look = look_into(p, g, forced, c, why);
	}
	p->refused += (look != LOOK_LOG) - g->refused;
	g->refused = look != LOOK_LOG;
	if (look == LOOK_LOG && !into)
		add_file(p, g->path, label, found.format, &found, why->text);
	return look;
}

/* Refused ones that have grown since: half a header is no log yet. */
static void
look_again(struct plan *p, const struct format *forced)
{
	for (size_t i = 0; i < p->seen.n; i++) {
		struct gathered *g = &p->seen.file[i];
		struct file_id id;
		struct err why;

		if (!g->refused || !file_look(g->path, &id) ||
		    (off_t)id.size == g->size)
			continue;
		g->size = (off_t)id.size;
		look_at(p, g, forced, true, NULL, NULL, &why);
	}
}

/* --- paths ------------------------------------------------------------------- */

/* What is complained of when all files of a path were looked at. */
static void
tell_path(struct plan *p, const char *path, size_t bad, bool empty,
    const struct gather_part *upto, const struct complaints *c)
{
	struct err why;

	for (; p->told < upto->troubles; p->told++)
		complain_of(c, p->seen.trouble[p->told]);
	if (!empty)
		return;
	if (bad)
		err_set(&why, "%s: holds no SMTP log (%zu %s looked at)",
		    path, bad, bad == 1 ? "file" : "files");
	else
		err_set(&why, "%s: holds no files", path);
	complain_of(c, why.text);
}

/* Looks at what one path gave, up to what was gathered then. */
static void
look_at_new(struct plan *p, const struct format *forced, bool follow,
    const char *path, const struct gather_part *upto,
    const struct complaints *c)
{
	size_t good = 0, bad = 0;
	bool folder = false;
	struct err why = { "" };

	for (; p->looked < upto->files; p->looked++) {
		struct gathered *g = &p->seen.file[p->looked];
		enum look_is look;

		if (p->looked >= p->heads_seen)
			plan_look_on(p, forced);
		if (plan_is_stopped(p))
			return;
		look = look_at(p, g, forced, follow, p->head[p->looked], c,
		    &why);
		free(p->head[p->looked]);
		p->head[p->looked] = NULL;
		folder = folder || g->in_folder;
		good += look == LOOK_LOG;
		bad += look != LOOK_LOG;
		if (why.text[0] && (look == LOOK_UNREADABLE ||
		    (look != LOOK_LOG && !g->in_folder && !p->begun)))
			complain_of(c, why.text);
	}
	tell_path(p, path, bad, !p->begun && !follow && !good &&
	    (folder || bad == 0), upto, c);
}

/* Files of one log have one clock. */
static void
tell_odd_clocks(const struct plan *p, const struct complaints *c)
{
	for (size_t i = 0; i < p->n; i++) {
		const struct planned_stream *ps = &p->stream[i];
		struct err words;

		if (!ps->odd)
			continue;
		err_set(&words, "%s: is of one log with %s, so its times are "
		    "read as those are, whatever --tz or --skew says of it",
		    ps->odd, strcmp(ps->file[0].path, ps->odd) == 0 && ps->n > 1 ?
		    ps->file[1].path : ps->file[0].path);
		complain_of(c, words.text);
	}
}

/* What is said of a file that was named, or found in a folder, before. */
static void
tell_late_clock(const struct plan *p, size_t i, const char *path,
    const struct complaints *c)
{
	const struct gathered *g = gather_known(&p->seen, path);
	struct err words;

	if (!g || source_clock_is_same(&plan_label(p, g->from)->clock,
	    &plan_label(p, i)->clock))
		return;
	err_set(&words, "%s: was named or found before, so its times are read "
	    "as they were said to be there: name it first", path);
	complain_of(c, words.text);
}

size_t
plan_common(const struct plan *p, const struct planned_stream *ps)
{
	size_t n = strlen(ps->folder);

	/* A folder that came later may be elsewhere. */
	return p->common <= n && p->n && strncmp(ps->folder,
	    p->stream[0].folder, p->common) == 0 ? p->common : 0;
}

/* What gathering a path gave; false when nothing of it is to be looked at. */
static bool
gather_one(struct plan *p, size_t i, const char *path, bool follow,
    struct gather_part *upto, const struct complaints *c)
{
	struct err why = { "" };

	if (p->seen.part) {
		*upto = p->seen.part[i];
		if (upto->failed)
			err_set(&why, "%s", upto->failed);
	} else {
		gather_path(&p->seen, path, follow && !p->begun, &why);
		*upto = (struct gather_part){ p->seen.n, p->seen.ntroubles,
		    NULL };
		for (size_t k = p->looked; k < p->seen.n; k++)
			p->seen.file[k].from = i;
	}
	if (why.text[0]) {
		if (!p->begun)
			complain_of(c, why.text);
		return false;
	}
	/* A file named twice is no trouble and nothing new. */
	if (upto->files > p->looked || p->looked == 0 ||
	    upto->troubles > p->told)
		return true;
	if (!p->begun)
		tell_late_clock(p, i, path, c);
	return false;
}

void
plan_paths(struct plan *p, char *const paths[], int npaths,
    const struct format *forced, bool follow,
    void (*complain)(void *arg, const char *words), void *arg,
    struct err *last)
{
	struct complaints c = { complain, arg, last };
	struct gather_part upto;

	if (p->begun)
		look_again(p, forced);
	else
		plan_gather(p, paths, npaths, follow);
	for (int i = 0; i < npaths && !plan_is_stopped(p); i++)
		if (gather_one(p, (size_t)i, paths[i], follow, &upto, &c))
			look_at_new(p, forced, follow, paths[i], &upto, &c);
	if (plan_is_stopped(p))
		return;
	for (size_t i = 0; !p->begun && i < sources_commands(p->pipes); i++)
		add_command(p, i, plan_label(p, (size_t)npaths + i), &c);
	if (!p->begun) {
		gather_parts_free(&p->seen);
		planned_join_seconds(p->stream, &p->n);
		p->common = planned_common(p->stream, p->n);
		tell_odd_clocks(p, &c);
	}
	p->begun = true;
}

void
plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		for (size_t k = 0; k < p->stream[i].n; k++)
			free(p->stream[i].file[k].path);
		planned_free(&p->stream[i]);
	}
	free(p->stream);
	for (size_t i = 0; i < p->nheads; i++)
		free(p->head[i]);
	free(p->head);
	gather_free(&p->seen);
	*p = (struct plan){ 0 };
}
