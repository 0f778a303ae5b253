/*
 * The formats that a run of ehlog knows: those that are built in and those
 * that come from files.  Filled before threads start, and only read by them.
 *
 * Where a set is asked for, NULL means the built-in formats.
 */
#ifndef EHLOG_FORMAT_SET_H
#define EHLOG_FORMAT_SET_H

#include "format/format.h"

struct format_entry {
	const struct format *format;
	const char *path;        /* the file it comes from; NULL: built in */
	bool own;                /* a file of the user */
	void (*release)(const struct format_entry *e);   /* or NULL */
};

struct format_set {
	struct format_entry *entry;
	size_t n, cap;
};

/* A set of the built-in formats. */
void format_set_init(struct format_set *s);
/*
 * Adds one; it takes the place of one of the same name.  What `e` points to
 * must outlive the set or be freed by e->release, which is called at the end
 * and when another takes its place.
 */
void format_set_add(struct format_set *s, const struct format_entry *e);
void format_set_free(struct format_set *s);

/* The nth, NULL behind the last. */
const struct format *format_set_at(const struct format_set *s, size_t n);
const struct format *format_set_find(const struct format_set *s,
    const char *name);

/*
 * The format with the best score for the head of a file; of equal ones a
 * user's own goes first.  *why says how sure it is and why.  NULL when none is
 * sure enough; *why then has words for a person (and names the kind of log
 * where it is one that is known and holds no SMTP sessions).
 */
const struct format *format_set_detect(const struct format_set *s,
    struct slice head, const struct format_hint *hint,
    struct format_state *st, struct format_traits *traits, struct err *why);

#endif
