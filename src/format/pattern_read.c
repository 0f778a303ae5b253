/*
 * From the settings of a format file to a format.
 *
 * The file is gone through twice: rules are checked against [format] and
 * [line], wherever these stand.
 */
#include "config.h"

#include "format/pattern_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The value of a word of a list ended by NULL; -1 and a mistake if none. */
int
build_choose(struct build *b, const struct choice *list, struct slice word,
    unsigned *value)
{
	struct buf words = { 0 };

	for (; list->word; list++) {
		if (slice_eq(slice_of(list->word), word)) {
			*value = list->value;
			buf_free(&words);
			return 0;
		}
		buf_addf(&words, "%s%s", words.n ? ", " : "", list->word);
	}
	source_row_mistake(&b->p->source, b->row,
	    (size_t)(word.p - b->row->value.p), "'%.*s' is none of %.*s",
	    SLICE_ARGS(slice_head(word, 60)), SLICE_ARGS(buf_slice(&words)));
	buf_free(&words);
	return -1;
}

int
build_choose_value(struct build *b, const struct choice *list, unsigned *value)
{
	return build_choose(b, list, b->row->value, value);
}

int
build_yes_or_no(struct build *b, bool *value)
{
	static const struct choice list[] = { { "yes", 1 }, { "no", 0 },
		{ NULL, 0 } };
	unsigned v;

	if (build_choose_value(b, list, &v) < 0)
		return -1;
	*value = v != 0;
	return 0;
}

int
build_number(struct build *b, unsigned most, unsigned *value)
{
	uint64_t n;

	if (!slice_to_u64(b->row->value, &n) || n > most)
		return MISTAKE(b, "a number from 0 to %u belongs here", most);
	*value = (unsigned)n;
	return 0;
}

/* --- rows --------------------------------------------------------------------- */

/* Sections that others read. */
static bool
is_of_others(struct slice section)
{
	return slice_eq(section, SLICE("define")) ||
	    slice_eq(section, SLICE("sample")) ||
	    slice_starts(section, SLICE("sample "));
}

static int
unknown_key(struct build *b, const struct key *keys, struct slice section,
    bool known)
{
	struct buf words = { 0 };

	if (!known) {
		source_mistake(&b->p->source, b->row->section_line, 0,
		    "there is no section [%.*s]; there are format, define, "
		    "words, detect, files, line, rule NAME, sample NAME",
		    SLICE_ARGS(slice_head(section, 40)));
		return -1;
	}
	for (const struct key *k = keys; k->name; k++)
		if (slice_eq(slice_of(k->section), section))
			buf_addf(&words, " %s", k->name);
	source_mistake(&b->p->source, b->row->line, 0, "there is no key "
	    "'%.40s' in [%.*s]; there are%.*s", b->row->key,
	    SLICE_ARGS(slice_head(section, 40)), SLICE_ARGS(buf_slice(&words)));
	buf_free(&words);
	return -1;
}

static void
end_rule(struct build *b)
{
	if (b->section && b->matches == 0)
		source_mistake(&b->p->source, b->section, 0, "[rule %s] has "
		    "no `match`", b->model.name);
	for (unsigned i = 0; i < b->matches; i++)
		(void)pattern_add_rule(b->p, &b->model, b->match[i]);
	b->section = 0;
	b->matches = 0;
}

static void
begin_rule(struct build *b)
{
	const char *name = strchr(b->row->section, ' ');

	if (b->section == b->row->section_line)
		return;
	end_rule(b);
	b->section = b->row->section_line;
	b->model = (struct rule){ .name = (char *)(name ? name + 1 : "rule"),
		.kind = EVENT_LINE, .counts = true };
}

static void
take_row(struct build *b, const struct key *keys, struct slice section)
{
	bool known = false;

	for (const struct key *k = keys; k->name; k++) {
		if (!slice_eq(slice_of(k->section), section))
			continue;
		known = true;
		if (strcmp(k->name, b->row->key) == 0) {
			(void)k->take(b);
			return;
		}
	}
	(void)unknown_key(b, keys, section, known);
}

/* Rows of [rule]s, or all others. */
static void
take_rows(struct build *b, bool rules)
{
	struct source *s = &b->p->source;

	for (size_t i = 0; i < s->n; i++) {
		struct slice section = slice_of(s->row[i].section);
		bool is_rule = slice_eq(section, SLICE("rule")) ||
		    slice_starts(section, SLICE("rule "));

		b->row = &s->row[i];
		if (is_rule != rules || is_of_others(section))
			continue;
		if (is_rule)
			begin_rule(b);
		take_row(b, is_rule ? rule_keys : format_keys,
		    is_rule ? SLICE("rule") : section);
	}
	end_rule(b);
}

/* --- the whole ------------------------------------------------------------------- */

static bool
has_group(const struct pattern *p, enum group g)
{
	for (size_t i = 0; i < p->nframes; i++)
		if (rule_has(&p->frame[i], g))
			return true;
	for (size_t i = 0; i < p->nrules; i++)
		if (rule_has(&p->rule[i], g))
			return true;
	return false;
}

static void
check_whole(struct pattern *p)
{
	struct source *s = &p->source;

	if (!p->name)
		source_mistake(s, 0, SIZE_MAX, "[format] has no `name`");
	if (p->nrules == 0 && !s->wrong)
		source_mistake(s, 0, SIZE_MAX, "there is no [rule NAME] with "
		    "a `match`");
	if (has_group(p, GROUP_TIME) && p->ntimes == 0)
		source_mistake(s, 0, SIZE_MAX, "patterns have a group `time`, "
		    "but [format] has no `time` to say its form");
	if (p->ntimes && !has_group(p, GROUP_TIME) && !s->wrong)
		source_mistake(s, 0, SIZE_MAX, "[format] has a form of `time`, "
		    "but no pattern has a group (?<time>...)");
	if (p->date_in_name && !p->date.dated)
		source_mistake(s, 0, SIZE_MAX, "[files] has `day`, but no "
		    "`day-form`");
	if (p->date_in_name && p->stream)
		source_mistake(s, 0, SIZE_MAX, "[files] has `day` and "
		    "`stream`: where the day is in the name, each file is a "
		    "stream of its own");
}

/* Each piece is a pattern of its own. */
static bool
check_pieces(struct pattern *p)
{
	for (size_t i = 0; i < p->source.n; i++)
		if (strcmp(p->source.row[i].section, "define") == 0)
			regex_free(pattern_compile(p, &p->source.row[i]));
	return p->source.wrong == 0;
}

static const struct format_sample no_samples[] = {
	{ NULL, EVENT_FOREIGN, DIR_NONE, NULL }
};

static void
fill_format(struct pattern *p)
{
	struct format *fm = &p->format;

	fm->name = p->name;
	fm->title = p->title ? p->title : p->name;
	fm->origin = p->origin ? p->origin : "";
	fm->data = p;
	fm->probe = pattern_probe;
	fm->scan = pattern_scan;
	fm->detail = pattern_detail;
	fm->stream_of = pattern_stream_of;
	fm->samples = no_samples;    /* pattern_check() has them */
	fm->traits.times_are_utc = p->times_are_utc;
	for (size_t i = 0; i < p->ntimes; i++) {
		fm->traits.times_are_utc |= p->time[i].utc;
		fm->traits.times_have_ms |= p->time[i].fraction;
	}
}

const struct format *
pattern_load(const char *path, struct buf *mistakes)
{
	struct pattern *p = mem_alloc(sizeof *p);
	struct build b = { .p = p };

	p->share = 50;
	p->score = 90;
	p->least = 1;
	pthread_mutex_init(&p->mutex, NULL);
	atomic_init(&p->prepared, false);
	if (source_read(&p->source, path, mistakes) == 0) {
		p->format.definition = slice_hash(buf_slice(&p->source.text), 0);
		/* A wrong piece would be told of in each pattern that has it. */
		if (check_pieces(p)) {
			take_rows(&b, false);
			take_rows(&b, true);
			check_whole(p);
		}
	}
	fill_format(p);
	p->source.mistakes = NULL;
	if (p->source.wrong == 0)
		return &p->format;
	pattern_free(&p->format);
	return NULL;
}

static void
free_rules(struct rule *r, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(r[i].name);
		regex_free(r[i].regex);
	}
	free(r);
}

void
pattern_free(const struct format *fm)
{
	struct pattern *p = (struct pattern *)fm->data;

	free_rules(p->frame, p->nframes);
	free_rules(p->rule, p->nrules);
	for (size_t i = 0; i < p->ntimes; i++)
		timeform_free(&p->time[i]);
	free(p->time);
	timeform_free(&p->date);
	regex_free(p->date_in_name);
	regex_free(p->stream);
	regex_pool_free(p->pool);
	free(p->word);
	free(p->mark);
	free(p->name);
	free(p->title);
	free(p->origin);
	source_free(&p->source);
	pthread_mutex_destroy(&p->mutex);
	free(p);
}
