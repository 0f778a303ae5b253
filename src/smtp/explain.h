/*
 * What a reply means and what to do about it: a book of entries, and looking
 * a reply up in it.  Offline, and after the server's own text: that one stands
 * first wherever an explanation is shown.
 *
 * Knows nothing of files: query/replies.h fills the book.  Main thread only.
 *
 * Which entry speaks: the most specific one.  A user's own sentence comes
 * before an own note on a code, any own note before what ships with ehlog;
 * there a sentence comes before "this enhanced code", that before "this code
 * to this command", that before the code.  Of sentences the first that matches
 * wins, in the order in which they were added.
 */
#ifndef EHLOG_SMTP_EXPLAIN_H
#define EHLOG_SMTP_EXPLAIN_H

#include "base/mem.h"
#include "base/slice.h"
#include "smtp/reply.h"
#include "smtp/verb.h"

enum explain_kind {
	EXPLAIN_CLASS,       /* [class 5] */
	EXPLAIN_DIGIT,       /* [digit 5]: the second of a code */
	EXPLAIN_CODE,        /* [code 550] */
	EXPLAIN_COMMAND,     /* [code 550 RCPT], [code 554 TEXT] */
	EXPLAIN_ENHANCED,    /* [enhanced X.7.1], [enhanced 4.7.28] */
	EXPLAIN_SENTENCE,    /* [sentence NAME] */
};

/* What an entry says; id, key in the file */
#define EXPLAIN_KEYS(K)                                                 \
	K(TITLE, "title")        /* what it is, in a few words */        \
	K(PATTERN, "pattern")    /* of a sentence */                     \
	K(SAMPLE, "sample")      /* the sentence as a server writes it */\
	K(ORIGIN, "origin")      /* who writes it */                     \
	K(CAUSE, "cause")                                               \
	K(NEXT, "next")          /* what to do */                        \
	K(WHOSE, "whose")        /* see explain_whose() */               \
	K(SOURCE, "source")      /* RFC, or where it is documented */    \
	K(NOTE, "note")          /* a user's own words */

enum explain_key {
#define K(id, name) EXPLAIN_##id,
	EXPLAIN_KEYS(K)
#undef K
	EXPLAIN_KEY_COUNT
};

struct explain_entry {
	enum explain_kind kind;
	bool own;                /* the user's */
	bool of_text;            /* COMMAND: about the message text */
	bool wild;               /* its pattern met a limit: left out */
	unsigned code;           /* class, digit or code */
	enum smtp_verb verb;     /* COMMAND */
	uint32_t enhanced;       /* ENHANCED; class 0: any */
	struct slice name;       /* as the section names it */
	struct slice text[EXPLAIN_KEY_COUNT];   /* NULL p: not there */
	struct slice path;       /* of the file */
	unsigned line;           /* of the section, or of the pattern */
	void *pattern;           /* compiled; explain.c alone knows */
};

struct explain_book;

struct explain_book *explain_book_new(void);
void explain_book_free(struct explain_book *b);
/* For what entries point to; it lives as long as the book. */
struct arena *explain_book_arena(struct explain_book *b);

/* "code 550 RCPT" into kind, code and so on; false when it is no such name. */
bool explain_entry_name(struct explain_entry *e, struct slice section);

struct explain_error {
	char text[256];
	size_t at;               /* byte offset in the pattern */
};
/* Compiles the text of EXPLAIN_PATTERN; false with *ee. */
bool explain_entry_compile(struct explain_entry *e, struct explain_error *ee);
/* Of an entry that is not added. */
void explain_entry_drop(struct explain_entry *e);
/* Whether a word of `whose` is one; at a mistake *bad is that word. */
bool explain_whose(struct slice whose, struct slice *bad);
/* Adds a copy, which the book owns with its pattern. */
void explain_book_add(struct explain_book *b, const struct explain_entry *e);

/* The nth entry; NULL behind the last. */
const struct explain_entry *explain_book_entry(const struct explain_book *b,
    size_t n);
/*
 * The nth pattern that met its limits and is left out from then on; NULL
 * behind the last.
 */
const struct explain_entry *explain_book_wild(const struct explain_book *b,
    size_t n);

/* --- looking up ------------------------------------------------------------ */

struct explain_query {
	unsigned code;           /* 0: none is known; 4 or 5: its class alone */
	uint32_t enhanced;
	struct slice text;       /* without codes */
	enum smtp_verb verb;     /* VERB_NONE: not known */
	bool of_text;            /* it answers the message text */
};

/*
 * What a person pastes: "550 5.7.1 text", several lines of one reply, a
 * command before it ("RCPT: 550 ..."), an enhanced code or a sentence alone.
 * The text is put together in *joined, without codes.
 */
void explain_query_read(struct explain_query *q, struct slice pasted,
    struct buf *joined);

#define EXPLAIN_OWN_MAX 4

/* Any pointer may be NULL.  Entries belong to the book. */
struct explanation {
	struct explain_query query;
	const struct explain_entry *own[EXPLAIN_OWN_MAX];
	size_t nown;
	const struct explain_entry *sentence;
	const struct explain_entry *enhanced;
	const struct explain_entry *command;
	const struct explain_entry *code;
	const struct explain_entry *class, *digit;
};

/*
 * True when something more than the class is known.  q->text must live as
 * long as *x does.
 */
bool explain_find(struct explain_book *b, const struct explain_query *q,
    struct explanation *x);

/* The most specific entry that tells a cause; NULL: none. */
const struct explain_entry *explain_leading(const struct explanation *x);

/* A piece of an explanation as it is shown: "Cause", and what it says. */
struct explain_part {
	struct slice label, text;
};
#define EXPLAIN_PARTS_MAX 32

/*
 * The explanation in the order in which it is read, without the server's own
 * text.  Texts live in the book or in the arena.  `brief`: only what leads,
 * not what the codes say beside it.
 */
size_t explain_parts(const struct explanation *x, bool brief,
    struct arena *arena, struct explain_part parts[EXPLAIN_PARTS_MAX]);

#endif
