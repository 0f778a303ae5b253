/*
 * The stage: the face without a terminal.  Keys go in, a canvas comes out;
 * which view has the focus, what a prompt is for, what two views do together.
 * The tests drive it in process.
 */
#ifndef EHLOG_UI_STAGE_H
#define EHLOG_UI_STAGE_H

#include "ui/explained.h"
#include "ui/face_options.h"
#include "ui/help.h"
#include "ui/list.h"
#include "ui/prompt.h"
#include "ui/save.h"
#include "ui/strays.h"
#include "ui/transcript.h"

struct stage {
	struct scene scene;
	struct list list;
	struct transcript transcript;
	struct help help;
	struct strays strays;
	struct explained explained;
	struct prompt prompt;
	struct saver saver;
	struct save_guard guard;
	char *source;
	int wake_fd;
	uint32_t trouble_seen;
	bool sort_is_ours;       /* the reader has not chosen an order */

	struct view *focus;      /* list or transcript; help lies over both */
	bool transcript_open;
	bool opening;            /* Enter came before there was a session */
	bool help_open, strays_open;     /* help lies over all others */
	bool explained_open;
	int rows, cols;          /* of the canvas, when last drawn */
	uint32_t held;           /* session too long to be shown by itself */

	/* The search prompt that is open. */
	struct place search_from;    /* where the reader was in that view */
	uint32_t search_line;
	bool search_was_on;
	struct buf pattern;          /* the last one, ended by a NUL */
	char *save_path;         /* while it is asked whether to write over */
	/* With CHANGED_REOPEN: as which format, and which stream; NULL: all. */
	char *reopen_as;
	const struct stream *reopen_stream;
};

/* -1 with words when the configuration or the filter makes no sense. */
int stage_init(struct stage *s, const struct face_options *o,
    struct err *err);
void stage_free(struct stage *s);

/* All of these return what changed, enum changed. */
unsigned stage_key(struct stage *s, int key);
unsigned stage_command(struct stage *s, enum command command);
/* Takes in what came from other threads. */
unsigned stage_update(struct stage *s);
/* A piece of work; *more is set while there is more of it. */
unsigned stage_work(struct stage *s, int64_t until, bool *more);

/* Draws everything into a canvas of any size. */
void stage_draw(struct stage *s, struct canvas *cv);

/* The view that keys go to. */
struct view *stage_focus(const struct stage *s);

/* stage_draw.c: whether list and transcript are both seen in this window. */
enum split { SPLIT_NO, SPLIT_BELOW, SPLIT_BESIDE };
enum split stage_split(const struct stage *s);

/* stage_prompt.c: what is asked for, and what becomes of the answer. */
unsigned stage_ask_search(struct stage *s);
unsigned stage_ask_filter(struct stage *s);
unsigned stage_ask_save(struct stage *s);
unsigned stage_prompt_key(struct stage *s, int key);

/* stage_explain.c: the reply that is meant, explained; or back from there. */
unsigned stage_explain(struct stage *s);

/*
 * stage_ahead.c: whether a command asks for the end of a list where the index has
 * not come yet; and in a list of what was read ahead (scene.whole), commands about
 * the whole log.  CHANGED_FOREIGN: it is none of these.
 */
bool stage_is_ahead(const struct stage *s, enum command command);
unsigned stage_return(struct stage *s, enum command command);

/* stage_line.c: commands typed by name. */
unsigned stage_ask_line(struct stage *s);
void stage_line_edited(struct stage *s);
unsigned stage_line_done(struct stage *s);

/* Shows the list's session in the transcript. */
void stage_show_current(struct stage *s);

#endif
