/*
 * The configuration file: where it is, and its lines as settings.  inih takes
 * the lines apart; this file feeds it, so that every mistake has a line number
 * and nothing is cut in silence.
 *
 * Of the sections [options], [zones] and [skews] mean something here.
 */
#include "config.h"

#include "config/options.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "config/datadir.h"

struct feed {
	struct options *o;
	FILE *file;
	const char *path;
	int line;                    /* of what inih has in hand */
	int error;                   /* errno of a read that failed */
	int failed;                  /* line of the mistake that err tells, or 0 */
	bool fixed[OPTION_COUNT];    /* said on the command line, which wins */
	size_t cap;                  /* of o->settings */
	struct err *err;
	struct err why;              /* without the place */
};

/* Notes the first mistake with its place. */
static void
fail(struct feed *f, const char *why)
{
	if (f->failed)
		return;
	err_set(f->err, "%s:%d: %s", f->path, f->line, why);
	f->failed = f->line;
}

/*
 * One line for inih, like fgets().  Blanks at the front are dropped: inih
 * would take an indented line for more of the value before it.
 */
static char *
feed_line(char *str, int num, void *user)
{
	struct feed *f = user;
	int c, n = 0;

	f->line++;
	while ((c = getc(f->file)) != EOF && c != '\n') {
		if (n == 0 && ascii_is_blank((unsigned char)c))
			continue;
		if (c == '\0') {
			fail(f, "a NUL byte: this is no text");
			return NULL;
		}
		/* Room for a newline and the NUL. */
		if (n + 2 >= num) {
			fail(f, "the line is too long");
			return NULL;
		}
		str[n++] = (char)c;
	}
	if (c == EOF && ferror(f->file))
		f->error = errno;
	if (f->failed || (c == EOF && n == 0))
		return NULL;
	str[n++] = '\n';
	str[n] = '\0';
	return str;
}

/* yes, no and their kin as 1 and 0; -1: none of them. */
static int
flag_value(const char *value)
{
	static const struct {
		const char *word;
		int value;
	} words[] = {
		{ "yes", 1 }, { "true", 1 }, { "on", 1 },
		{ "no", 0 }, { "false", 0 }, { "off", 0 },
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (slice_case_eq(slice_of(value), slice_of(words[i].word)))
			return words[i].value;
	return -1;
}

static int
unknown_key(struct feed *f, const char *key)
{
	const struct option_row *near = option_nearest(slice_of(key));

	if (near)
		return err_set(&f->why, "there is no option '%.60s'; did you "
		    "mean '%s'?", key, near->name);
	return err_set(&f->why, "there is no option '%.60s'", key);
}

static int
set_from_file(struct feed *f, const struct setting *s)
{
	const struct option_row *row = option_find(slice_of(s->key));
	const char *value = s->value;

	if (!row)
		return unknown_key(f, s->key);
	if (slice_eq(slice_of(row->group), SLICE("General")) ||
	    row->id == OPTION_EXEC || row->id == OPTION_HOST ||
	    row->id == OPTION_SKEW)
		return err_set(&f->why, "'%s' is for the command line alone",
		    s->key);
	if (!row->value) {
		int on = flag_value(value);

		if (on < 0)
			return err_set(&f->why, "'%s' is yes or no, not "
			    "'%.60s'", s->key, value);
		value = on ? "" : NULL;
	}
	if (f->fixed[row->id])
		return 0;
	f->o->from_file[row->id] = true;
	return option_set(f->o, row, value, &f->why);
}

static struct setting *
keep_setting(struct feed *f, const char *section, const char *key,
    const char *value)
{
	struct options *o = f->o;

	mem_reserve(&o->settings, &f->cap, o->nsettings + 1,
	    sizeof *o->settings);
	o->settings[o->nsettings] = (struct setting){
		.section = mem_strdup(section), .key = mem_strdup(key),
		.value = mem_strdup(value), .line = f->line,
	};
	return &o->settings[o->nsettings++];
}

static int
set_in_section(struct feed *f, const struct setting *s)
{
	struct slice section = slice_of(s->section);

	if (slice_case_eq(section, SLICE("options")))
		return set_from_file(f, s);
	if (slice_case_eq(section, SLICE("zones")))
		return options_set_host_zone(f->o, s->key, s->value, &f->why);
	if (slice_case_eq(section, SLICE("skews")))
		return options_set_host_skew(f->o, s->key, s->value, &f->why);
	return 0;
}

/* Called by inih for each key; 0 is a mistake. */
static int
take_setting(void *user, const char *section, const char *key,
    const char *value)
{
	struct feed *f = user;
	struct setting *s;

	if (f->failed)
		return 0;
	if (!*section) {
		fail(f, "a key stands before the first [section]");
		return 0;
	}
	s = keep_setting(f, section, key, value ? value : "");
	if (set_in_section(f, s) == 0)
		return 1;
	fail(f, f->why.text);
	return 0;
}

static int
read_settings(struct feed *f)
{
	int wrong = ini_parse_stream(feed_line, f, take_setting, f);

	/* inih goes on behind a line that it does not understand. */
	if (f->failed && !(wrong > 0 && wrong < f->failed))
		return -1;
	if (f->error)
		return err_set(f->err, "%s: %s", f->path, strerror(f->error));
	if (wrong > 0)
		return err_set(f->err, "%s:%d: neither [section] nor "
		    "key = value", f->path, wrong);
	if (wrong < 0)
		return err_set(f->err, "%s: out of memory", f->path);
	return 0;
}

int
options_read_config(struct options *o, struct err *err)
{
	char *path = option_given(o, OPTION_NO_CONFIG) ? NULL :
	    configdir_path("ehlog.conf");
	struct feed f = { .o = o, .path = path, .err = err };
	int rc;

	if (!path)
		return 0;
	f.file = fopen(path, "r");
	if (!f.file) {
		rc = errno == ENOENT || errno == ENOTDIR ? 0 :
		    err_set(err, "%s: %s", path, strerror(errno));
		free(path);
		return rc;
	}
	o->config_path = path;
	for (size_t i = 0; i < OPTION_COUNT; i++)
		f.fixed[i] = o->value[i] != NULL;
	/* Two names of one thing. */
	f.fixed[OPTION_INDEX] = f.fixed[OPTION_KEEP_INDEX] =
	    f.fixed[OPTION_INDEX] || f.fixed[OPTION_KEEP_INDEX];
	rc = read_settings(&f);
	fclose(f.file);
	options_settle_zone(o);
	return rc;
}
