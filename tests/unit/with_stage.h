/*
 * The face for a test: a log read by the real indexer, a stage over it, a
 * canvas to read; keys as a person presses them.
 */
#ifndef EHLOG_TESTS_WITH_STAGE_H
#define EHLOG_TESTS_WITH_STAGE_H

#include "ui/stage.h"
#include "with_log.h"

struct with_stage {
	struct with_log log;
	struct stage stage;
	struct canvas canvas;
	int wake[2];
	unsigned changed;        /* by the last key */
	struct buf screen;
};

/* Six sessions of an Exchange log, interleaved; see with_stage.c. */
extern const char sample_log[];

void with_stage(struct with_stage *w, const char *log, int rows, int cols);
/* The same with a filter, a configuration. */
void with_stage_options(struct with_stage *w, const char *log, int rows,
    int cols, const struct face_options *o);
void without_stage(struct with_stage *w);

void resize(struct with_stage *w, int rows, int cols);
/* Keys by name, with blanks between: "5 Enter j". */
void press(struct with_stage *w, const char *keys);
/* Text into a prompt, byte for byte (ASCII). */
void type(struct with_stage *w, const char *text);
/* Waits until nothing is under way; the deadline is ten seconds. */
void settle_down(struct with_stage *w);

/* What is seen now: rows as text; or the letters of the styles. */
const char *screen(struct with_stage *w);
const char *styles(struct with_stage *w);
/* One row, from 0; negative: from the bottom.  Good until the next call. */
const char *screen_row(struct with_stage *w, int row);

/* Fail the test, and show the screen. */
void expect_seen(struct with_stage *w, const char *text);
void expect_not_seen(struct with_stage *w, const char *text);
/* The row of the cursor mark, without the mark and the blanks before it. */
void expect_cursor_at(struct with_stage *w, const char *text);

#endif
