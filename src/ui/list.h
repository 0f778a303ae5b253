/*
 * The list of sessions: one row each, the filter and the order they are
 * chosen by, and where the reader is in it.
 */
#ifndef EHLOG_UI_LIST_H
#define EHLOG_UI_LIST_H

#include "config/options.h"
#include "ui/view.h"

/* What 5 4 ! 2 choose; at most one is on. */
enum quick {
	QUICK_ALL, QUICK_PERMANENT, QUICK_TEMPORARY, QUICK_DROPPED,
	QUICK_REFUSED, QUICK_FINE, QUICK_COUNT
};

struct list {
	struct view view;            /* first: a view is cast to its own */
	struct place place;
	uint64_t count;              /* of the selection, at the last update */
	uint32_t anchor;             /* session the reader is at; 0: the top,
	                                whatever stands there */
	int rows;                    /* of the window, when last drawn */
	int cols;
	unsigned sideways;
	/* The widest text in each column since it was drawn anew: columns grow
	   while one scrolls and never shrink. */
	unsigned texts[COLUMN_COUNT];
	bool stick;                  /* following, and the reader is at the end */
	uint64_t seen;               /* sessions when the reader left the end */
	uint64_t forgotten;          /* of the selection, at the last update */

	/* What is shown of the selection's work: list_look(). */
	int progress;                /* of a thousand; -1: none is shown */
	bool answered;               /* it was current once since it was set */
	bool looking;                /* it was not, or it takes a while */

	enum quick quick;
	struct buf filter;           /* the expression, ended by a NUL */
	enum column_id sort;
	bool reverse;
	uint8_t order[COLUMN_COUNT]; /* columns from left to right */
	int ncolumns;
};

/*
 * `filter` may be NULL.  -1 with words when [columns] of the configuration or
 * the filter makes no sense.
 */
int list_init(struct list *l, struct scene *sc, const struct options *o,
    const char *filter, struct err *err);

/* list_choose.c: columns of the configuration; -1 with words. */
int list_choose_columns(struct list *l, const struct options *o,
    struct err *err);
/* A new expression; -1 with *fe when it is wrong, and nothing changes. */
int list_set_filter(struct list *l, const char *expr,
    struct filter_error *fe);
/* Hands filter and order to the selection. */
void list_apply(struct list *l);

/* Forgets how wide texts were: other rows are shown, or another screen. */
void list_forget_widths(struct list *l);

/* The session under the cursor; 0 when there is none. */
uint32_t list_current(const struct list *l);
/* Moves the cursor; false at an end. */
bool list_step(struct list *l, bool back);
bool list_step_failure(struct list *l, bool back);
void list_go(struct list *l, uint64_t at, bool centre);
/* To where new sessions come. */
void list_go_end(struct list *l);
/* The selection is another: the reader stays with the session. */
void list_follow_anchor(struct list *l);
/*
 * How far the selection's work is; true when that is to be drawn though no session
 * came: that nothing is found is seen when all was looked at.
 */
bool list_look(struct list *l);
/* What came since the reader left the end; 0 when that is of no interest. */
uint64_t list_new(const struct list *l);

/* "only 5xx", "" ...; and how many sessions it is about. */
const char *quick_words(enum quick q);
uint64_t quick_count(enum quick q, const struct progress *p);

/* list_draw.c */
void list_draw(struct view *v, const struct area *a, bool focus);

#endif
