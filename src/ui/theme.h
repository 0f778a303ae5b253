/*
 * The theme: what each style looks like.  Views name styles, never colours;
 * one table says how a style looks in colour, and how it is told apart where
 * there are none (NO_COLOR, few colours, monochrome).
 */
#ifndef EHLOG_UI_THEME_H
#define EHLOG_UI_THEME_H

#include <stdbool.h>

#include "config/options.h"

/*
 * id, name in [colours], letter in tests,
 * look in colour, look in monochrome, what it is for
 */
#define STYLES(S)                                                           \
	S(NORMAL, "normal", '.', "", "", "text")                            \
	S(HEADER, "header", 'H', "bold", "bold", "the header line")         \
	S(COLUMNS, "columns", 'C', "underline", "underline",                \
	    "titles of columns")                                            \
	S(STATUS, "status", 's', "", "", "the status line")                 \
	S(HINT, "hint", 'h', "bold", "bold", "a word to the reader")        \
	S(KEY, "key", 'k', "bold", "bold", "a key to press")                \
	S(MISTAKE, "mistake", 'x', "bold red", "reverse", "something is wrong") \
	S(ACTIVE, "active", 'A', "reverse", "reverse", "a filter that is on") \
	S(CURSOR, "cursor", 'c', "reverse", "reverse", "the current row")   \
	S(DIM, "dim", 'd', "dim", "dim", "what matters less")                 \
	S(FINE, "fine", '2', "green", "", "2xx, sessions without failure")  \
	S(GOON, "goon", '3', "cyan", "underline", "3xx")                    \
	S(TEMPORARY, "temporary", '4', "yellow", "bold", "4xx")             \
	S(PERMANENT, "permanent", '5', "red", "bold reverse", "5xx")        \
	S(DROPPED, "dropped", '!', "magenta", "bold underline",             \
	    "lost connections")                                             \
	S(REFUSED, "refused", 'R', "magenta", "bold",                      \
	    "commands refused with a reply that is not told")               \
	S(OPEN, "open", 'o', "cyan", "underline", "sessions without an end") \
	S(COMMAND, "command", '>', "bold", "bold", "commands")              \
	S(NOTE, "note", 'n', "dim", "", "remarks of the server")           \
	S(BODY, "body", 'b', "dim", "dim", "message text")                    \
	S(TWIN, "twin", 't', "dim", "dim", "raw twins of lines")              \
	S(TIME, "time", 'T', "", "", "times")                               \
	S(FAILED, "failed", 'F', "bold red", "bold reverse",                \
	    "mark of the failing exchange")                                 \
	S(HIT, "hit", '/', "black yellow", "reverse", "what a search found") \
	S(ESCAPE, "escape", 'e', "magenta", "underline",                    \
	    "bytes that are no text")                                       \
	S(LINE, "line", '-', "", "", "lines between views")

enum style {
#define S(id, name, letter, colour, mono, help) STYLE_##id,
	STYLES(S)
#undef S
	STYLE_COUNT
};

enum look_attribute {
	LOOK_BOLD = 1,
	LOOK_UNDERLINE = 2,
	LOOK_REVERSE = 4,
	LOOK_DIM = 8,
};

struct look {
	short fore, back;        /* 0..255; -1: the terminal's own */
	unsigned attributes;     /* enum look_attribute */
};

struct theme {
	bool colour;
	struct look looks[STYLE_COUNT];
};

/*
 * Fills *t from the table, then from [colours] of the configuration.  A first
 * word of the value that is a colour is the foreground, a second one the
 * background; numbers are taken as colours, too.  In monochrome colours of
 * the configuration are left out, its attributes count.
 * -1 with file, line and words when a setting makes no sense.
 */
int theme_init(struct theme *t, bool colour, const struct options *o,
    struct err *err);

/* Whether the environment allows colours. */
bool theme_wants_colour(void);

char style_letter(unsigned style);
/* By the class of a reply code. */
enum style style_of_code(unsigned code);

#endif
