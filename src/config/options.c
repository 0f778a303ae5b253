/*
 * The command line, read by the table in options.def: what is not a row there
 * is no option.
 *
 * Knows the values of --limit and its like, and what a --host names, because
 * they can be wrong in themselves (zones and skews: clocks.c); formats, columns
 * and expressions are names here, and the layers above say whether they exist.
 */
#include "config.h"

#include "config/options.h"

#include <stdlib.h>

#define NAME_MAX_LENGTH 24

const struct option_row option_rows[OPTION_COUNT] = {
#define OPTION(id, name, letter, value, group, help) \
	[OPTION_##id] = { OPTION_##id, name, letter, value, group, help },
#include "config/options.def"
#undef OPTION
};

/* One argument list being read. */
struct reader {
	struct options *o;
	char **argv;
	int argc, at;
	struct err *err;
};

const struct option_row *
option_find(struct slice name)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (slice_eq(name, slice_of(option_rows[i].name)))
			return &option_rows[i];
	return NULL;
}

/* Letters to add, drop or change to come from a to b; b fits the row. */
static size_t
distance(struct slice a, struct slice b)
{
	size_t row[NAME_MAX_LENGTH + 1];

	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t change = corner + (a.p[i - 1] != b.p[j - 1]);
			size_t other = row[j] < row[j - 1] ? row[j] : row[j - 1];

			corner = row[j];
			row[j] = change < other + 1 ? change : other + 1;
		}
	}
	return row[b.n];
}

const struct option_row *
option_nearest(struct slice name)
{
	const struct option_row *best = NULL;
	/* Further off than a third of the word is another word. */
	size_t least = name.n / 3 + 2;

	if (name.n > NAME_MAX_LENGTH)
		return NULL;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		struct slice row = slice_of(option_rows[i].name);
		size_t d = row.n <= NAME_MAX_LENGTH ? distance(name, row) : least;

		/* As far as the word is long would be any word. */
		if (d < least && d < name.n) {
			least = d;
			best = &option_rows[i];
		}
	}
	return best;
}

static int
set_limit(struct options *o, const char *value, struct err *err)
{
	uint64_t n;

	if (!slice_to_u64(slice_of(value), &n) || n == 0)
		return err_set(err, "--limit: '%.60s' is no number of sessions "
		    "from 1 on", value);
	o->limit = n;
	return 0;
}

/* 1000, 64K, 500M, 20G, 1T. */
static int
set_size(uint64_t *size, const char *name, const char *value, struct err *err)
{
	static const char units[] = "kmgt";
	struct slice number = slice_of(value);
	const char *unit = number.n ? strchr(units,
	    ascii_lower((unsigned char)number.p[number.n - 1])) : NULL;
	unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
	uint64_t n;

	if (unit)
		number.n--;
	if (!slice_to_u64(number, &n) || n == 0 || n > UINT64_MAX >> shift)
		return err_set(err, "--%s: '%.60s' is no size such as 500M or "
		    "20G", name, value);
	*size = n << shift;
	return 0;
}

static int
set_index(struct options *o, const char *value, struct err *err)
{
	o->keep_index = slice_eq(slice_of(value), SLICE("keep"));
	if (o->keep_index || slice_eq(slice_of(value), SLICE("memory")))
		return 0;
	return err_set(err, "--index: '%.60s' is neither keep nor memory",
	    value);
}

/* What stands before a source is of it. */
static struct option_source
take_source(struct options *o)
{
	o->host_is_idle = o->zone_is_idle = o->skew_is_idle = false;
	return o->next;
}

static int
add_command(struct options *o, const char *line, struct err *err)
{
	if (slice_trim(slice_of(line)).n == 0)
		return err_set(err, "--exec: there is no command");
	mem_reserve(&o->commands, &o->commands_cap, o->ncommands + 1,
	    sizeof *o->commands);
	o->commands[o->ncommands++] = (struct option_command){ line,
	    take_source(o) };
	return 0;
}

/* A host of no name: what follows is of none. */
static int
set_host(struct options *o, const char *name, struct err *err)
{
	if (o->host_is_idle)
		return err_set(err, "--host=%.60s names nothing: it stands "
		    "before the files and commands of that host",
		    o->next.host);
	o->next.host = *name ? name : NULL;
	o->host_is_idle = *name != '\0';
	return 0;
}

int
option_set(struct options *o, const struct option_row *row,
    const char *value, struct err *err)
{
	/* It has something to say of the one before it. */
	if (row->id == OPTION_SKEW && options_set_skew(o, value, err) < 0)
		return -1;
	o->value[row->id] = value;
	if (row->id == OPTION_LIMIT)
		return set_limit(o, value, err);
	if (row->id == OPTION_UNPACK_LIMIT)
		return set_size(&o->unpack_limit, row->name, value, err);
	if (row->id == OPTION_KEEP)
		return set_size(&o->keep, row->name, value, err);
	if (row->id == OPTION_INDEX_LIMIT)
		return set_size(&o->index_limit, row->name, value, err);
	if (row->id == OPTION_INDEX)
		return set_index(o, value, err);
	if (row->id == OPTION_KEEP_INDEX)
		o->keep_index = value != NULL;
	if (row->id == OPTION_TZ)
		return options_set_zone(o, value, err);
	if (row->id == OPTION_DISPLAY_TZ)
		return options_set_display(o, value, err);
	if (row->id == OPTION_EXEC)
		return add_command(o, value, err);
	if (row->id == OPTION_HOST)
		return set_host(o, value, err);
	return 0;
}

static int
no_such_option(struct slice name, struct err *err)
{
	const struct option_row *near = option_nearest(name);

	if (near)
		return err_set(err, "there is no option --%.*s; did you mean "
		    "--%s?", SLICE_ARGS(slice_head(name, 60)), near->name);
	return err_set(err, "there is no option --%.*s; --help lists them",
	    SLICE_ARGS(slice_head(name, 60)));
}

/* `name` starts more than one option: says which. */
static int
ambiguous(struct slice name, struct err *err)
{
	struct buf list = { 0 };

	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (slice_starts(slice_of(option_rows[i].name), name))
			buf_addf(&list, "%s--%s", list.n ? ", " : "",
			    option_rows[i].name);
	err_set(err, "--%.*s may be any of %.*s",
	    SLICE_ARGS(slice_head(name, 60)), SLICE_ARGS(buf_slice(&list)));
	buf_free(&list);
	return -1;
}

/* The row that `name` is or begins as the only one. */
static const struct option_row *
find_long(struct slice name, struct err *err)
{
	const struct option_row *hit = option_find(name);
	size_t hits = 0;

	if (hit)
		return hit;
	for (size_t i = 0; name.n && i < OPTION_COUNT; i++) {
		if (slice_starts(slice_of(option_rows[i].name), name)) {
			hit = &option_rows[i];
			hits++;
		}
	}
	if (hits == 1)
		return hit;
	if (hits)
		ambiguous(name, err);
	else
		no_such_option(name, err);
	return NULL;
}

/* The next argument, as the value of an option that needs one. */
static const char *
next_value(struct reader *r)
{
	return r->at + 1 < r->argc ? r->argv[++r->at] : NULL;
}

/* --name, --name=value, --name value */
static int
read_long(struct reader *r, const char *arg)
{
	struct slice name = slice_of(arg);
	ptrdiff_t equals = slice_find_char(name, '=');
	const char *value = equals < 0 ? NULL : arg + equals + 1;
	const struct option_row *row;

	if (equals >= 0)
		name = slice_head(name, (size_t)equals);
	row = find_long(name, r->err);
	if (!row)
		return -1;
	if (!row->value) {
		if (value)
			return err_set(r->err, "--%s takes no value", row->name);
		return option_set(r->o, row, "", r->err);
	}
	if (!value)
		value = next_value(r);
	if (!value)
		return err_set(r->err, "--%s needs a value: --%s=%s", row->name,
		    row->name, row->value);
	return option_set(r->o, row, value, r->err);
}

static const struct option_row *
find_letter(char letter)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (option_rows[i].letter && option_rows[i].letter == letter)
			return &option_rows[i];
	return NULL;
}

/* -f, -fV; with a value the rest of the argument is it, or the next one. */
static int
read_letters(struct reader *r, const char *letters)
{
	for (const char *p = letters; *p; p++) {
		const struct option_row *row = find_letter(*p);
		const char *value;

		if (!row)
			return err_set(r->err, "there is no option -%c in "
			    "'-%.60s'; --help lists them", *p, letters);
		if (row->value) {
			value = p[1] ? p + 1 : next_value(r);
			if (!value)
				return err_set(r->err, "-%c needs a value: "
				    "-%c %s", *p, *p, row->value);
			return option_set(r->o, row, value, r->err);
		}
		if (option_set(r->o, row, "", r->err) != 0)
			return -1;
	}
	return 0;
}

static int
read_argument(struct reader *r, bool *options_end)
{
	char *arg = r->argv[r->at];

	if (*options_end || arg[0] != '-' || !arg[1]) {
		options_add_path(r->o, arg);
		return 0;
	}
	if (arg[1] != '-')
		return read_letters(r, arg + 1);
	if (arg[2])
		return read_long(r, arg + 2);
	*options_end = true;
	return 0;
}

void
options_add_path(struct options *o, char *path)
{
	o->path_source[o->npaths] = take_source(o);
	o->paths[o->npaths++] = path;
}

/* One at the end is told of as one before another is. */
static int
check_idle(struct options *o, struct err *err)
{
	if (o->host_is_idle)
		return set_host(o, "", err);
	/* Standard input needs no name. */
	if (o->npaths == 0 && o->ncommands == 0)
		return 0;
	if (o->skew_is_idle)
		return options_set_skew(o, "0", err);
	if (o->zone_is_idle && o->nzones > 1)
		return err_set(err, "--tz=%.60s is of nothing: where there are "
		    "several, each stands before the files and commands whose "
		    "zone it is", o->value[OPTION_TZ]);
	return 0;
}

int
options_parse(struct options *o, int argc, char *argv[], struct err *err)
{
	struct reader r = { .o = o, .argv = argv, .argc = argc, .err = err };
	bool options_end = false;

	*o = (struct options){ 0 };
	o->paths = mem_array(argc > 0 ? (size_t)argc : 1, sizeof *o->paths);
	o->path_source = mem_array(argc > 0 ? (size_t)argc : 1,
	    sizeof *o->path_source);
	for (r.at = 1; r.at < argc; r.at++)
		if (read_argument(&r, &options_end) != 0)
			return -1;
	if (check_idle(o, err) < 0)
		return -1;
	options_settle_zone(o);
	return 0;
}

void
options_free(struct options *o)
{
	for (size_t i = 0; i < o->nsettings; i++) {
		free(o->settings[i].section);
		free(o->settings[i].key);
		free(o->settings[i].value);
	}
	free(o->settings);
	free(o->config_path);
	free(o->paths);
	free(o->path_source);
	options_free_clocks(o);
	free(o->commands);
	*o = (struct options){ 0 };
}
