/*
 * Holds what ehlog says of each session against the truth of the generator.
 *
 *   compare [--show=N] [--by=FIELD]... TRUTH FILE
 *                                     FILE is what --print=json wrote
 *
 * Sessions are told apart by the line they begin in, and the file where the
 * truth names one, or by other fields that all have.  Every fact that the truth names must be the same; what it
 * leaves out may be anything, and `true` there stands for anything but null.
 * Ends in 0 when all agree, 1 when not, 2 when something cannot be read.
 */
#include "config.h"

#include <getopt.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLAGS (JSON_ALLOW_NUL | JSON_DECODE_ANY)

struct compare {
	json_t *truths;          /* read, and without a partner so far */
	json_t *facts;
	json_t *fields;          /* how often each field differs */
	const char *place;       /* of the session in hand */
	unsigned long sessions, wrong, extra, missing;
	unsigned long shown, show;
	const char *by[4];       /* fields that tell sessions apart */
	size_t nby;
};

struct lines {
	FILE *in;
	const char *name;
	char *text;
	size_t cap;
	unsigned long number;
};

static _Noreturn void
fail(const char *name, const char *words)
{
	fprintf(stderr, "compare: %s: %s\n", name, words);
	exit(2);
}

static void
lines_open(struct lines *l, const char *name)
{
	*l = (struct lines){ .name = name, .in = fopen(name, "r") };
	if (!l->in)
		fail(name, "cannot be opened");
}

/* The next object, or NULL at the end. */
static json_t *
lines_next(struct lines *l)
{
	json_error_t why;
	json_t *object;
	ssize_t n = getline(&l->text, &l->cap, l->in);

	if (n < 0)
		return NULL;
	l->number++;
	object = json_loadb(l->text, (size_t)n, FLAGS, &why);
	if (!json_is_object(object)) {
		fprintf(stderr, "compare: %s:%lu: %s\n", l->name, l->number,
		    object ? "no object" : why.text);
		exit(2);
	}
	return object;
}

static void
lines_close(struct lines *l)
{
	if (ferror(l->in))
		fail(l->name, "cannot be read");
	fclose(l->in);
	free(l->text);
}

/* --- differences ------------------------------------------------------------ */

static void
show(const char *who, const json_t *value)
{
	char *text = value ? json_dumps(value, JSON_ENCODE_ANY |
	    JSON_ENSURE_ASCII | JSON_COMPACT) : NULL;

	printf("  %s %.400s", who, text ? text : "(not there)");
	free(text);
}

static void
differ(struct compare *c, const char *field, const json_t *truth,
    const json_t *fact)
{
	json_t *n = json_object_get(c->fields, field);

	json_object_set_new(c->fields, field,
	    json_integer(json_integer_value(n) + 1));
	if (c->shown >= c->show)
		return;
	c->shown++;
	printf("%s: %s:", c->place, field);
	show("truth", truth);
	show("ehlog", fact);
	putchar('\n');
}

static bool same_object(struct compare *c, const char *within, json_t *truth,
    json_t *fact);

static bool
same_array(struct compare *c, const char *name, json_t *truth, json_t *fact)
{
	size_t n = json_array_size(truth);
	bool same = true;

	if (json_array_size(fact) != n) {
		differ(c, name, truth, fact);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		json_t *a = json_array_get(truth, i);
		json_t *b = json_array_get(fact, i);

		if (json_is_object(a)) {
			same &= same_object(c, name, a, b);
		} else if (!json_equal(a, b)) {
			differ(c, name, truth, fact);
			return false;
		}
	}
	return same;
}

static bool
same_value(struct compare *c, const char *name, json_t *truth, json_t *fact)
{
	bool same;

	if (json_is_array(truth) && json_is_array(fact))
		return same_array(c, name, truth, fact);
	if (json_is_true(truth))
		same = fact && !json_is_null(fact) && !json_is_false(fact);
	else if (json_is_null(truth) && strcmp(name, "worst") == 0)
		same = json_is_null(fact) || (json_is_integer(fact) &&
		    json_integer_value(fact) < 400);
	else
		same = fact && json_equal(truth, fact);
	if (!same)
		differ(c, name, truth, fact);
	return same;
}

static bool
same_object(struct compare *c, const char *within, json_t *truth, json_t *fact)
{
	const char *key;
	json_t *value;
	char name[64];
	bool same = true;

	json_object_foreach(truth, key, value) {
		if (strcmp(key, "file") == 0)
			continue;
		snprintf(name, sizeof name, "%s%s%s", within,
		    *within ? "." : "", key);
		same &= same_value(c, name, value, json_object_get(fact, key));
	}
	return same;
}

/* --- partners ---------------------------------------------------------------- */

/* What stands in some fields, one behind the other. */
static void
place_by(const struct compare *c, const json_t *o, char *place, size_t n)
{
	size_t used = 0;

	place[0] = '\0';
	for (size_t i = 0; i < c->nby && used < n; i++) {
		json_t *value = json_object_get(o, c->by[i]);
		char *text = value && !json_is_null(value) ?
		    json_dumps(value, FLAGS | JSON_ENCODE_ANY) : NULL;

		used += (size_t)snprintf(place + used, n - used, "%s ",
		    text ? text : "-");
		free(text);
	}
}

/* "L0000000.LOG:12", or ":12" where the log is one stream. */
static void
place_of(const struct compare *c, const json_t *o, const char *file,
    char *place, size_t n)
{
	json_t *first = json_object_get(o, "first_line");
	const char *base = file ? strrchr(file, '/') : NULL;

	if (c->nby)
		place_by(c, o, place, n);
	else
		snprintf(place, n, "%s:%lld",
		    base ? base + 1 : file ? file : "",
		    (long long)json_integer_value(first));
}

static const char *
word(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void
meet(struct compare *c, const char *place, json_t *truth, json_t *fact)
{
	c->place = place;
	c->sessions++;
	if (!same_object(c, "", truth, fact))
		c->wrong++;
	json_decref(truth);
	json_decref(fact);
}

/* One came in: is its partner here already? */
static void
arrive(struct compare *c, const char *place, json_t *one, bool is_truth)
{
	json_t *here = is_truth ? c->truths : c->facts;
	json_t *there = is_truth ? c->facts : c->truths;
	json_t *partner = json_object_get(there, place);

	if (!partner) {
		json_object_set_new(here, place, one);
		return;
	}
	json_incref(partner);
	json_object_del(there, place);
	meet(c, place, is_truth ? one : partner, is_truth ? partner : one);
}

static unsigned long
left_over(struct compare *c, json_t *rest, const char *words)
{
	const char *place;
	json_t *value;

	json_object_foreach(rest, place, value) {
		if (c->shown++ >= c->show)
			break;
		printf("%s: %s:", place, words);
		show("", value);
		putchar('\n');
	}
	return (unsigned long)json_object_size(rest);
}

static int
summary(struct compare *c)
{
	const char *field;
	json_t *n;

	c->missing = left_over(c, c->truths, "ehlog has no session here");
	c->extra = left_over(c, c->facts, "there is no session here");
	json_object_foreach(c->fields, field, n)
		printf("%8lld times: %s\n", (long long)json_integer_value(n),
		    field);
	printf("%lu sessions compared, %lu differ, %lu missing, %lu too many\n",
	    c->sessions, c->wrong, c->missing, c->extra);
	return c->wrong || c->missing || c->extra || !c->sessions;
}

static int
run(struct compare *c, struct lines *truth, struct lines *facts)
{
	json_t *t, *f;
	bool files = false;
	char place[128];

	do {
		t = lines_next(truth);
		f = lines_next(facts);
		if (t) {
			files = files || word(t, "file");
			place_of(c, t, word(t, "file"), place, sizeof place);
			arrive(c, place, t, true);
		}
		if (f) {
			place_of(c, f, files ? word(f, "source") : NULL, place,
			    sizeof place);
			arrive(c, place, f, false);
		}
	} while (t || f);
	return summary(c);
}

int
main(int argc, char *argv[])
{
	static const struct option flags[] = {
		{ "show", required_argument, NULL, 's' },
		{ "by", required_argument, NULL, 'b' }, { NULL, 0, NULL, 0 }
	};
	struct compare c = { .show = 20 };
	struct lines truth, facts;
	int flag, status;

	while ((flag = getopt_long(argc, argv, "s:", flags, NULL)) != -1) {
		if (flag == 's')
			c.show = strtoul(optarg, NULL, 10);
		else if (flag == 'b' && c.nby < sizeof c.by / sizeof *c.by)
			c.by[c.nby++] = optarg;
		else
			return 2;
	}
	if (argc - optind != 2)
		fail("usage", "compare [--show=N] TRUTH FILE");
	c.truths = json_object();
	c.facts = json_object();
	c.fields = json_object();
	lines_open(&truth, argv[optind]);
	lines_open(&facts, argv[optind + 1]);
	status = run(&c, &truth, &facts);
	lines_close(&truth);
	lines_close(&facts);
	json_decref(c.truths);
	json_decref(c.facts);
	json_decref(c.fields);
	return status;
}
