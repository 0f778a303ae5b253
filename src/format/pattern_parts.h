/*
 * What a format file becomes: shared by the files that read it, scan with it
 * and check it, and by nobody else.
 */
#ifndef EHLOG_FORMAT_PATTERN_PARTS_H
#define EHLOG_FORMAT_PATTERN_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "format/pattern.h"
#include "format/pattern_source.h"
#include "format/regex.h"
#include "format/syslog.h"
#include "format/timeform.h"

/* The names that groups may have. */
#define PATTERN_GROUPS(G) \
	G(TIME, "time") G(SESSION, "session") G(THREAD, "thread") \
	G(SIDE, "side") G(DIRECTION, "direction") G(PEER, "peer") \
	G(LOCAL, "local") G(REST, "rest") G(TEXT, "text") \
	G(CONTEXT, "context") G(COMMAND, "command") G(REPLY, "reply") \
	G(CODE, "code") G(ENHANCED, "enhanced") G(HELO, "helo") \
	G(USER, "user") G(TLS, "tls") G(FROM, "from") G(TO, "to") \
	G(ID, "id") G(MESSAGE_ID, "messageid") G(SIZE, "size") \
	G(LINK, "link")

enum group {
#define G(id, name) GROUP_##id,
	PATTERN_GROUPS(G)
#undef G
	GROUP_COUNT
};

/* Who says something, or on which side this host is. */
enum who { WHO_NOBODY, WHO_IN, WHO_OUT, WHO_CLIENT, WHO_SERVER };

struct group_ref {
	uint8_t group;           /* enum group */
	uint8_t number;          /* in the pattern */
};

/* A pattern of a rule; a rule of several is several of these. */
struct rule {
	char *name;
	uint32_t line;           /* of its pattern in the file */
	struct regex *regex;
	struct group_ref ref[REGEX_GROUPS];
	unsigned refs;
	enum event_kind kind;
	enum who who;
	enum event_side side;
	uint16_t flags;          /* of the event */
	uint16_t says, code;
	uint8_t verb;
	bool bare;               /* for lines that no [line] pattern knows */
	bool counts;             /* speaks for the format in detection */
	bool delivery, final;    /* of struct detail */
};

/* One bit a rule. */
#define RULES_MAX 64

struct word {
	struct slice text;
	enum who who;
	bool of_side;
};

/* Which rules to try by the first byte of their text; [256]: by none. */
struct choices {
	uint64_t text[257], bare[257];
};

struct pattern {
	struct format format;    /* its data points back here */
	struct source source;
	char *name, *title, *origin;
	struct rule *frame;      /* patterns of [line], tried in order */
	size_t nframes, frames_cap;
	struct rule *rule;
	size_t nrules, rules_cap;
	struct word *word;
	size_t nwords, words_cap;
	struct timeform *time;
	size_t ntimes, times_cap;
	struct timeform date;    /* of a day in the file's name */
	struct regex *date_in_name;
	struct regex *stream;    /* of a file's name */
	unsigned stream_group, date_group;
	struct slice *mark;
	size_t nmarks, marks_cap;
	struct slice join;       /* between the lines of a reply */
	bool joined;             /* they share an entry; join may be empty */
	bool pipelined;          /* commands do, too */
	bool syslog;             /* lines come in the frame of syslog */
	bool one_at_a_time;
	bool times_are_utc;
	enum event_side side;
	uint16_t escapes;        /* flags of events: how text is written */
	unsigned least, share, score;
	struct regex_pool *pool;
	struct choices choices;
	pthread_mutex_t mutex;   /* for preparing */
	atomic_bool prepared;    /* release by who prepared, acquire by all */
};

/* At the head of a format's state. */
struct pattern_state {
	struct syslog_state syslog;
	int32_t day;             /* of an undated log, since 1970 */
};
_Static_assert(sizeof(struct pattern_state) <= FORMAT_STATE_MAX, "state fits");

extern const char *const group_names[GROUP_COUNT];

/* pattern_rule.c: compiles a row's value; mistakes go to the source. */
struct regex *pattern_compile(struct pattern *p, const struct source_row *row);
bool rule_has(const struct rule *r, enum group g);
/* One of a rule's patterns, with the settings of `model`. */
int pattern_add_rule(struct pattern *p, const struct rule *model,
    const struct source_row *row);
int pattern_add_frame(struct pattern *p, const struct source_row *row);

/* pattern_scan.c: the functions of struct format. */
size_t pattern_scan(const struct format *fm, struct format_state *st,
    struct slice line, struct event *ev);
void pattern_detail(const struct format *fm, const struct format_state *st,
    struct slice line, const struct event *ev, struct detail *d);
/* pattern_probe.c */
int pattern_probe(const struct format *fm, struct slice head,
    const struct format_hint *hint, struct format_state *st,
    struct format_traits *traits, struct err *why);
struct slice pattern_stream_of(const struct format *fm, struct slice name);
/* Before anything is matched: by the first who comes. */
void pattern_prepare(struct pattern *p);

/* What a line is to the rules. */
struct found {
	struct slice g[GROUP_COUNT];
	const struct rule *rule; /* NULL: none knows it */
	struct slice subject;    /* what the rule was held against */
	int64_t time;            /* by the frame of syslog, else CLOCK_NONE */
	bool limit;              /* a pattern met its limit */
	bool framed;             /* syslog's frame was there */
	bool new_year;
};

void pattern_find(const struct pattern *p, struct pattern_state *ps,
    struct slice line, struct found *f);
/* The time of a stamp; *utc as timeform_read(). */
int64_t pattern_time(const struct pattern *p, const struct pattern_state *ps,
    struct slice stamp, bool *utc);

#endif
