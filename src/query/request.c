/*
 * What the command line asks for, looked up.  --since and --until become terms
 * of the filter, so that the face shows them and a person can change them.
 */
#include "config.h"

#include "query/request.h"

#include <stdlib.h>
#include <string.h>

#include "config/datadir.h"
#include "query/known.h"

static int
read_format(struct request *r, const struct options *o, struct buf *words)
{
	const char *name = o->value[OPTION_FORMAT];

	if (!name)
		return 0;
	r->format = format_set_find(&r->formats, name);
	if (r->format)
		return 0;
	buf_addf(words, "--format: there is no format '%.60s'; there are:",
	    name);
	for (size_t i = 0; i < r->formats.n; i++)
		buf_addf(words, " %s", r->formats.entry[i].format->name);
	buf_add_char(words, '\n');
	return -1;
}

static int
read_sort(struct request *r, const struct options *o, struct buf *words)
{
	const char *name = o->value[OPTION_SORT];
	int column;

	r->sort = COLUMN_NUMBER;
	if (!name)
		return 0;
	r->sorted = true;
	r->reverse = *name == '-';
	column = column_by_name(name + r->reverse);
	if (column >= 0) {
		r->sort = (enum column_id)column;
		return 0;
	}
	buf_addf(words, "--sort: there is no column '%.60s'; there are:",
	    name + r->reverse);
	for (int i = 0; i < COLUMN_COUNT; i++)
		buf_addf(words, " %s", columns[i].name);
	buf_add_char(words, '\n');
	return -1;
}

/*
 * Appends a term about TIME.  The one for --until is the contrary of the one for
 * --since, to the last session without a time: so parts add up to the whole.
 */
static int
add_time(struct buf *expr, const struct options *o, enum option_id id,
    const char *term, struct buf *words)
{
	const char *text = o->value[id];
	int64_t t, end;
	bool day;
	struct err err;

	if (!text)
		return 0;
	if (clock_parse(slice_of(text), &t, &end, &day, &err) < 0) {
		buf_addf(words, "--%s: %s\n", option_rows[id].name, err.text);
		return -1;
	}
	buf_addf(expr, "%s%s\"%s\"", expr->n ? " " : "", term, text);
	return 0;
}

static int
read_filter(struct request *r, const struct options *o, struct buf *words)
{
	const char *given = o->value[OPTION_FILTER];
	bool timed = option_given(o, OPTION_SINCE) ||
	    option_given(o, OPTION_UNTIL);
	struct filter_error fe;
	struct filter *f;
	struct buf expr = { 0 };
	int rc;

	f = filter_parse(given ? given : "", &o->zone, &fe);
	if (!f) {
		buf_add(words, SLICE("--filter:\n"));
		filter_error_show(words, given, &fe);
		return -1;
	}
	filter_free(f);
	/* `a or b` must stay together beside the times. */
	if (given && *given)
		buf_addf(&expr, timed ? "(%s)" : "%s", given);
	rc = add_time(&expr, o, OPTION_SINCE, "start>=", words);
	if (rc == 0)
		rc = add_time(&expr, o, OPTION_UNTIL, "not start>=", words);
	if (rc == 0 && expr.n)
		r->expr = mem_slicedup(buf_slice(&expr));
	buf_free(&expr);
	return rc;
}

/* Unless something else is asked for. */
#define INDEX_LIMIT (UINT64_C(2) << 30)

static int
read_keep(struct request *r, const struct options *o, struct buf *words)
{
	if (!o->keep_index)
		return 0;
	r->keep.limit = o->index_limit ? o->index_limit : INDEX_LIMIT;
	r->keep.folder = cachedir_path();
	if (r->keep.folder)
		return 0;
	buf_addf(words, "--keep-index: neither XDG_CACHE_HOME nor HOME says "
	    "where\n");
	return -1;
}

int
request_read(struct request *r, const struct options *o, struct buf *words)
{
	int rc;

	*r = (struct request){ 0 };
	known_formats(&r->formats, !option_given(o, OPTION_NO_CONFIG),
	    &r->mistakes);
	rc = read_format(r, o, words);
	if (read_sort(r, o, words) < 0)
		rc = -1;
	if (read_filter(r, o, words) < 0)
		rc = -1;
	if (read_keep(r, o, words) < 0)
		rc = -1;
	return rc;
}

void
request_free(struct request *r)
{
	free(r->expr);
	free(r->keep.folder);
	buf_free(&r->mistakes);
	format_set_free(&r->formats);
	*r = (struct request){ 0 };
}

const struct keep_options *
request_keep(const struct request *r)
{
	return r->keep.folder ? &r->keep : NULL;
}

struct filter *
request_filter(const struct request *r, const struct zone *z)
{
	struct filter_error fe;

	return r->expr ? filter_parse(r->expr, z, &fe) : NULL;
}

/* --- sources ------------------------------------------------------------------- */

static const char *
command_name(const struct option_command *c)
{
	return c->source.host ? c->source.host : c->line;
}

void
request_add_commands(const struct options *o, struct sources *ss)
{
	for (size_t i = 0; i < o->ncommands; i++) {
		const char *name = command_name(&o->commands[i]);
		struct buf b = { 0 };
		unsigned n = 1;

		/* The second of a host is told from the first. */
		for (size_t k = 0; k < i; k++)
			n += strcmp(command_name(&o->commands[k]), name) == 0;
		buf_addf(&b, "%s", name);
		if (n > 1)
			buf_addf(&b, " (%u)", n);
		sources_add_command(ss, o->commands[i].line, b.p);
		buf_free(&b);
	}
}

static struct source_label
label_of(const struct options *o, const struct option_source *source)
{
	struct option_clock clock = options_clock(o, source);

	return (struct source_label){ .host = source->host,
		.clock = { .zone = *clock.zone, .skew = clock.skew },
		.shown = o->zone.kind == ZONE_NONE ? NULL : &o->zone,
		.always_shown = o->all_in_zone };
}

struct source_label *
request_labels(const struct options *o)
{
	size_t n = (size_t)o->npaths;
	struct source_label *label = mem_array(n + o->ncommands + 1,
	    sizeof *label);

	for (size_t i = 0; i < n; i++)
		label[i] = label_of(o, &o->path_source[i]);
	for (size_t i = 0; i < o->ncommands; i++)
		label[n + i] = label_of(o, &o->commands[i].source);
	return label;
}

const char *
request_first(const struct options *o)
{
	if (o->npaths > 0)
		return strcmp(o->paths[0], GATHER_INPUT) == 0 ?
		    STANDARD_INPUT : o->paths[0];
	return o->ncommands ? command_name(&o->commands[0]) : "";
}
