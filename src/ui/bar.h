/*
 * The first and the last line of the screen: what is read and how it stands
 * with it; where the reader is, what is chosen, what can be pressed.
 */
#ifndef EHLOG_UI_BAR_H
#define EHLOG_UI_BAR_H

#include "ui/list.h"
#include "ui/transcript.h"

/* What the two lines tell; nothing in it is owned. */
struct bar {
	const struct scene *scene;
	const char *source;          /* what was opened */
	struct list *list;
	struct transcript *transcript;
	struct view *focus;
	bool split;                  /* both are seen */
};

void bar_header(const struct bar *b, const struct area *a);
void bar_status(const struct bar *b, const struct area *a);

#endif
