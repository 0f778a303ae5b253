/*
 * The command line and the configuration file, as one struct of what was
 * asked for.  Names of formats, columns and the like stay strings here: the
 * layers above know what they mean.
 */
#ifndef EHLOG_CONFIG_OPTIONS_H
#define EHLOG_CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/clock.h"

enum option_id {
#define OPTION(id, name, letter, value, group, help) OPTION_##id,
#include "config/options.def"
#undef OPTION
	OPTION_COUNT
};

struct option_row {
	enum option_id id;
	const char *name;
	char letter;
	const char *value;
	const char *group;
	const char *help;
};
extern const struct option_row option_rows[OPTION_COUNT];

/* One `key = value` of the configuration file. */
struct setting {
	char *section, *key, *value;
	int line;
};

struct options {
	const char *value[OPTION_COUNT]; /* as given; "" for a flag; NULL: not */
	bool from_file[OPTION_COUNT];    /* given by the configuration file */
	struct zone zone;
	uint64_t limit;                  /* 0: none */
	uint64_t unpack_limit;           /* bytes; 0: not given */
	uint64_t index_limit;            /* bytes; 0: not given */
	bool keep_index;
	char **paths;                    /* points into argv */
	int npaths;
	const char **path_host;          /* of each path; NULL: not named */
	struct option_command {          /* --exec, in order; into argv, too */
		const char *line;
		const char *host;        /* NULL: not named */
	} *commands;
	size_t ncommands, commands_cap;
	const char *host;                /* of what comes next */
	bool host_is_idle;               /* it names nothing so far */
	struct setting *settings;        /* of the configuration file, in order */
	size_t nsettings;
	char *config_path;               /* the file that was read, or NULL */
};

static inline bool
option_given(const struct options *o, enum option_id id)
{
	return o->value[id] != NULL;
}

/*
 * Reads argv (its strings must outlive *o).  -1 with words for a person.
 * An option may be cut short as long as it stays unique; `--` ends them; a
 * lone `-` is a path.  A --host that names nothing is a mistake: whoever wrote
 * it behind what it should name would see another host's name there.
 */
int options_parse(struct options *o, int argc, char *argv[], struct err *err);

/* The row of exactly this name, or NULL. */
const struct option_row *option_find(struct slice name);
/* The row whose name is closest to a mistyped one, or NULL when none is. */
const struct option_row *option_nearest(struct slice name);
/*
 * Sets one option and checks what can be checked here: --limit, --tz.  *value
 * must outlive *o.
 */
int option_set(struct options *o, const struct option_row *row,
    const char *value, struct err *err);

/*
 * Reads $XDG_CONFIG_HOME/ehlog/ehlog.conf (~/.config/ehlog/ehlog.conf) with
 * inih.  No file is no error.  Section [options] gives defaults for options
 * that were not on the command line (`tz = local`, `follow = yes`; options of
 * the group General are for the command line alone); the other sections are
 * kept for the face, and [options] stays among the settings, too.  With
 * --no-config nothing is read.  -1 with file, line and words.
 */
int options_read_config(struct options *o, struct err *err);
void options_free(struct options *o);

/* --help */
void options_help(FILE *out, unsigned columns);

#endif
