/*
 * Compiling the patterns of a format file: pieces put in, groups looked up,
 * and what a rule cannot do without.
 */
#include "config.h"

#include "format/pattern_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "format/pattern_expand.h"

const char *const group_names[GROUP_COUNT] = {
#define G(id, name) [GROUP_##id] = name,
	PATTERN_GROUPS(G)
#undef G
};

/* Compiles, and leaves the way back to the file in *e. */
static struct regex *
compile(struct pattern *p, const struct source_row *row, struct expanded *e)
{
	struct regex_error re;
	struct regex *x;
	size_t at;

	if (expand(&p->source, row, e) < 0)
		return NULL;
	x = regex_new(buf_slice(&e->text), &re);
	if (!x) {
		row = expanded_place(e, re.at, &at);
		source_row_mistake(&p->source, row, at, "%s", re.text);
	}
	return x;
}

struct regex *
pattern_compile(struct pattern *p, const struct source_row *row)
{
	struct expanded e;
	struct regex *x = compile(p, row, &e);

	expanded_free(&e);
	return x;
}

/* --- groups ------------------------------------------------------------------ */

static int
group_by_name(const char *name)
{
	for (int i = 0; i < GROUP_COUNT; i++)
		if (strcmp(group_names[i], name) == 0)
			return i;
	return -1;
}

static int
unknown_group(struct pattern *p, const struct expanded *e, const char *name)
{
	struct buf words = { 0 }, mark = { 0 };
	const struct source_row *row;
	ptrdiff_t hit;
	size_t at;

	for (int i = 0; i < GROUP_COUNT; i++)
		buf_addf(&words, " %s", group_names[i]);
	buf_addf(&mark, "<%s>", name);
	hit = slice_find(buf_slice(&e->text), buf_slice(&mark));
	row = expanded_place(e, hit < 0 ? 0 : (size_t)hit + 1, &at);
	source_row_mistake(&p->source, row, at, "there is no group '%.40s'; "
	    "there are%.*s", name, SLICE_ARGS(buf_slice(&words)));
	buf_free(&words);
	buf_free(&mark);
	return -1;
}

/* The compiled pattern's groups into r->ref. */
static int
take_refs(struct pattern *p, const struct source_row *row,
    const struct expanded *e, struct rule *r)
{
	const char *name;
	unsigned number;

	for (unsigned i = 0; regex_group(r->regex, i, &name, &number); i++) {
		int g = group_by_name(name);

		if (g < 0)
			return unknown_group(p, e, name);
		if (i >= REGEX_GROUPS || number > REGEX_GROUPS)
			return source_row_mistake(&p->source, row, 0,
			    "more than %d groups", REGEX_GROUPS);
		r->ref[r->refs++] = (struct group_ref){ (uint8_t)g,
		    (uint8_t)number };
	}
	return 0;
}

bool
rule_has(const struct rule *r, enum group g)
{
	for (unsigned i = 0; i < r->refs; i++)
		if (r->ref[i].group == g)
			return true;
	return false;
}

static bool
frame_has(const struct pattern *p, enum group g)
{
	for (size_t i = 0; i < p->nframes; i++)
		if (rule_has(&p->frame[i], g))
			return true;
	return false;
}

static int
make_rule(struct pattern *p, const struct rule *model,
    const struct source_row *row, struct rule *r)
{
	struct expanded e;
	int rc;

	*r = *model;
	r->refs = 0;
	r->line = row->line;
	r->regex = compile(p, row, &e);
	rc = r->regex ? take_refs(p, row, &e, r) : -1;
	expanded_free(&e);
	if (rc == 0) {
		r->name = mem_strdup(model->name);
		return 0;
	}
	regex_free(r->regex);
	return -1;
}

/* --- what rules need ---------------------------------------------------------- */

static int
lacks(struct pattern *p, const struct source_row *row, enum group g,
    const char *why)
{
	return source_row_mistake(&p->source, row, 0, "the pattern has no "
	    "group (?<%s>...): %s", group_names[g], why);
}

static int
check_kind(struct pattern *p, const struct source_row *row,
    const struct rule *r)
{
	switch (r->kind) {
	case EVENT_LINE:
	case EVENT_MORE:
		return rule_has(r, GROUP_TEXT) ? 0 : lacks(p, row, GROUP_TEXT,
		    "it says which part is the protocol line");
	case EVENT_EXCHANGE:
		if (!rule_has(r, GROUP_COMMAND))
			return lacks(p, row, GROUP_COMMAND, "an exchange is a "
			    "command and its reply");
		return rule_has(r, GROUP_REPLY) ? 0 : lacks(p, row,
		    GROUP_REPLY, "an exchange is a command and its reply");
	case EVENT_USER:
		return rule_has(r, GROUP_USER) ? 0 : lacks(p, row, GROUP_USER,
		    "it says who authenticated");
	default:
		return 0;
	}
}

/* Without a key a line goes to the session of the line before it. */
static int
check_key(struct pattern *p, const struct source_row *row,
    const struct rule *r)
{
	if (p->one_at_a_time || r->bare || r->kind == EVENT_META ||
	    r->kind == EVENT_FOREIGN || r->kind == EVENT_MORE ||
	    (r->flags & (EVENT_UNLINK | EVENT_JOINS)))
		return 0;
	if (rule_has(r, GROUP_SESSION) || rule_has(r, GROUP_THREAD) ||
	    frame_has(p, GROUP_SESSION) || frame_has(p, GROUP_THREAD))
		return 0;
	return lacks(p, row, GROUP_SESSION, "it tells sessions apart (or say "
	    "`sessions = one-at-a-time` in [format])");
}

int
pattern_add_rule(struct pattern *p, const struct rule *model,
    const struct source_row *row)
{
	struct rule r;

	if (p->nrules == RULES_MAX)
		return source_row_mistake(&p->source, row, 0, "more than %d "
		    "patterns", RULES_MAX);
	if (make_rule(p, model, row, &r) < 0)
		return -1;
	mem_reserve(&p->rule, &p->rules_cap, p->nrules + 1, sizeof *p->rule);
	p->rule[p->nrules++] = r;
	return check_kind(p, row, &r) < 0 || check_key(p, row, &r) < 0 ?
	    -1 : 0;
}

int
pattern_add_frame(struct pattern *p, const struct source_row *row)
{
	struct rule model = { .name = (char *)"line" }, r;

	if (make_rule(p, &model, row, &r) < 0)
		return -1;
	mem_reserve(&p->frame, &p->frames_cap, p->nframes + 1,
	    sizeof *p->frame);
	p->frame[p->nframes++] = r;
	return rule_has(&r, GROUP_REST) ? 0 : lacks(p, row, GROUP_REST,
	    "it says which part the rules are held against");
}
