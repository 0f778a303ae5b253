/*
 * A format file being read: what the files that know its keys share.
 */
#ifndef EHLOG_FORMAT_PATTERN_BUILD_H
#define EHLOG_FORMAT_PATTERN_BUILD_H

#include "format/pattern_parts.h"

/* Most patterns of one rule. */
#define MATCHES_MAX 16

struct build {
	struct pattern *p;
	const struct source_row *row;    /* in hand */
	struct rule model;       /* of the [rule] in hand */
	uint32_t section;        /* line of its header; 0: none */
	const struct source_row *match[MATCHES_MAX];
	unsigned matches;
};

#define MISTAKE(b, ...) \
	source_row_mistake(&(b)->p->source, (b)->row, 0, __VA_ARGS__)

/* Every key there can be in a section; ended by a NULL name. */
struct key {
	const char *section;     /* "rule": [rule NAME] */
	const char *name;
	int (*take)(struct build *b);
};
extern const struct key format_keys[], rule_keys[];

struct choice {
	const char *word;
	unsigned value;
};

/* The value of a word of a list ended by NULL; -1 and a mistake if none. */
int build_choose(struct build *b, const struct choice *list, struct slice word,
    unsigned *value);
/* The same for the whole value of the row in hand. */
int build_choose_value(struct build *b, const struct choice *list,
    unsigned *value);
int build_yes_or_no(struct build *b, bool *value);
int build_number(struct build *b, unsigned most, unsigned *value);

extern const struct choice build_sides[], build_kinds[];

#endif
