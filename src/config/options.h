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

/* What was said of a file or command in front of it. */
struct option_source {
	const char *host;        /* NULL: not named */
	size_t zone;             /* how many --tz stand before it */
	int64_t skew;            /* ms to add to its times */
	bool skewed;             /* was said, be it 0 */
};

/* What the configuration says of a host's clock. */
struct option_host {
	const char *name;        /* of a setting */
	struct zone zone;        /* ZONE_NONE: not said */
	int64_t skew;
	bool skewed;
};

/* The clock that the stamps of a source were taken from. */
struct option_clock {
	const struct zone *zone; /* never NULL; ZONE_NONE: not known */
	int64_t skew;
};

/* One `key = value` of the configuration file. */
struct setting {
	char *section, *key, *value;
	int line;
};

struct options {
	const char *value[OPTION_COUNT]; /* as given; "" for a flag; NULL: not */
	bool from_file[OPTION_COUNT];    /* given by the configuration file */
	struct zone zone;                /* that times are shown in: a copy */
	bool all_in_zone;                /* also those whose log tells a zone */
	struct zone display;             /* --display-tz */
	struct zone *zones;              /* each --tz, or that of the file */
	size_t nzones, zones_cap;
	struct option_host *hosts;
	size_t nhosts, hosts_cap;
	uint64_t limit;                  /* 0: none */
	uint64_t unpack_limit;           /* bytes; 0: not given */
	uint64_t keep;                   /* bytes; 0: not given */
	uint64_t index_limit;            /* bytes; 0: not given */
	bool keep_index;
	char **paths;                    /* points into argv */
	int npaths;
	struct option_source *path_source;   /* of each path */
	struct option_command {          /* --exec, in order; into argv, too */
		const char *line;
		struct option_source source;
	} *commands;
	size_t ncommands, commands_cap;
	struct option_source next;       /* of what comes next */
	bool host_is_idle, zone_is_idle, skew_is_idle;   /* is of nothing yet */
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
 * it behind what it should name would see another host's name there; so it is
 * with --skew, and with --tz behind the first.
 */
int options_parse(struct options *o, int argc, char *argv[], struct err *err);
/*
 * One path more than the command line has: there is room for one, and what was
 * said last is said of it.
 */
void options_add_path(struct options *o, char *path);

/* The row of exactly this name, or NULL. */
const struct option_row *option_find(struct slice name);
/* The row whose name is closest to a mistyped one, or NULL when none is. */
const struct option_row *option_nearest(struct slice name);
/*
 * Sets one option and checks what can be checked here: --limit, --tz and its
 * like.  *value must outlive *o.
 */
int option_set(struct options *o, const struct option_row *row,
    const char *value, struct err *err);

/*
 * Reads $XDG_CONFIG_HOME/ehlog/ehlog.conf (~/.config/ehlog/ehlog.conf) with
 * inih.  No file is no error.  Section [options] gives defaults for options
 * that were not on the command line (`tz = local`, `follow = yes`; options of
 * the group General are for the command line alone); [zones] and [skews] give
 * hosts their clocks; the other sections are kept for the face, and all stay
 * among the settings, too.  With --no-config nothing is read.  -1 with file,
 * line and words.
 */
int options_read_config(struct options *o, struct err *err);
void options_free(struct options *o);

/* --- clocks.c ------------------------------------------------------------------ */

/* --tz, --display-tz, --skew. */
int options_set_zone(struct options *o, const char *value, struct err *err);
int options_set_display(struct options *o, const char *value, struct err *err);
int options_set_skew(struct options *o, const char *value, struct err *err);
/* Lines of [zones] and [skews]; the strings must outlive *o. */
int options_set_host_zone(struct options *o, const char *host,
    const char *value, struct err *err);
int options_set_host_skew(struct options *o, const char *host,
    const char *value, struct err *err);
/*
 * The clock of a source: what the command line says of it, or else the
 * configuration of its host, or else of all.
 */
struct option_clock options_clock(const struct options *o,
    const struct option_source *source);
/*
 * Decides in which zone times are shown: in that of --display-tz, or in the one
 * that the sources have; of several, in the first.  Call it when more was said.
 */
void options_settle_zone(struct options *o);
void options_free_clocks(struct options *o);

/* --help */
void options_help(FILE *out, unsigned columns);

#endif
