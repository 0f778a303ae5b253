/*
 * A view: a constant table of functions over private state, and the scene
 * that all views share.  A view draws itself into an area and says of each
 * command what it changed; what is to be redrawn is the loop's decision.
 */
#ifndef EHLOG_UI_VIEW_H
#define EHLOG_UI_VIEW_H

#include "base/clock.h"
#include "base/mem.h"
#include "index/indexer.h"
#include "query/match.h"
#include "query/selection.h"
#include "ui/canvas.h"
#include "ui/commands.h"
#include "ui/finder.h"
#include "ui/keys.h"
#include "ui/rows.h"

/* What a handler changed, as bits. */
enum changed {
	CHANGED_NOTHING = 0,
	CHANGED_VIEW = 1,        /* draw */
	CHANGED_FOREIGN = 2,     /* the command is not this view's */
	CHANGED_CURSOR = 4,      /* the list's cursor is on another session */
	CHANGED_OPEN = 16,       /* open the transcript */
	CHANGED_CLOSE = 32,      /* close this view */
	/* For the loop, which has the terminal. */
	CHANGED_QUIT = 128,
	CHANGED_SUSPEND = 256,
	CHANGED_REDRAW = 512,
	CHANGED_COPY = 1024,     /* scene.clip goes to the clipboard */
	CHANGED_AHEAD = 4096,    /* read the end of the log ahead of the index */
	CHANGED_RETURN = 8192,   /* from there back to the list of all */
	CHANGED_PAUSE = 16384,   /* reading of the whole log, or its end */
	CHANGED_REOPEN = 2048,   /* read the log again: stage.reopen_as */
};

/* What all views share.  Main thread only. */
struct scene {
	struct store *store;
	struct indexer *indexer;     /* NULL: nothing grows (tests) */
	struct selection *selection;
	struct finder finder;        /* the search over all sessions */
	struct rows rows;
	struct reader *reader;
	struct match_work *work;
	struct keymap keys;
	struct zone zone;
	bool secrets;
	bool following;
	bool paused;                 /* nothing is taken in */
	uint64_t keep;               /* of endless logs that much is kept; 0: all */
	struct progress progress;    /* of this frame */
	const struct progress *whole;    /* this is the end of a log, read
	                                ahead; of the whole; else NULL */
	int wake_ms;                 /* ask all views again after this; -1:
	                                only when something comes */

	/* The next key takes it away. */
	struct buf hint;
	bool hint_is_mistake;
	struct buf clip;
};

struct view;
struct view_kind {
	const char *name;
	unsigned bit;                /* enum command_views */
	void (*draw)(struct view *v, const struct area *a, bool focus);
	unsigned (*command)(struct view *v, enum command command);
	/* Words about where the reader is, for the status line. */
	void (*title)(struct view *v, struct buf *out);
	/* Takes in what is new; enum changed. */
	unsigned (*update)(struct view *v);
	/*
	 * A piece of what takes long, until `until` (clock_now_ms()).  True
	 * while there is more to do.  NULL: never anything.
	 */
	bool (*work)(struct view *v, int64_t until);
	void (*close)(struct view *v);
};

struct view {
	const struct view_kind *kind;
	struct scene *scene;
};

/* Whether what comes now was there before: it is not what one follows. */
bool scene_is_reading(const struct scene *sc);
/* Something is to be looked at again after `ms`, at the latest. */
void scene_wake(struct scene *sc, int ms);
void scene_hint(struct scene *sc, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void scene_mistake(struct scene *sc, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Where a cursor and a window over `count` lines are after a moving command.
 * False when the command moves nothing.  The window always holds the cursor.
 */
struct place {
	uint64_t at, top;
};
bool place_move(struct place *p, enum command command, uint64_t count,
    int rows);
void place_fit(struct place *p, uint64_t count, int rows);
/* The cursor in the middle of the window. */
void place_centre(struct place *p, uint64_t count, int rows);

/* Spans of a pattern's hits in a text; at most `most`. */
size_t view_spans(const struct match *m, struct match_work *w,
    struct slice text, struct span *spans, size_t most);

/* "n" spans are enough for any line that a screen can show. */
#define SPANS_MAX 64

#endif
