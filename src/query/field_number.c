/*
 * Fields that are numbers: counts, durations, sizes.
 */
#include "config.h"

#include "query/range.h"

static struct err *
no_number(struct err *err, struct slice s, const char *what)
{
	err_set(err, "%s is no %s", excerpt(s).text, what);
	return err;
}

static int
read_count(struct slice s, struct range *range, struct err *err)
{
	uint64_t n;

	if (!slice_to_u64(s, &n) || n > INT64_MAX) {
		no_number(err, s, "number");
		return -1;
	}
	*range = (struct range){ (int64_t)n, (int64_t)n };
	return 0;
}

/* Whether two sides of the range lie among what a full counter may mean. */
static bool
divides_above(struct range r, int64_t full)
{
	return r.lo > full || (r.hi >= full && r.hi != INT64_MAX &&
	    r.lo <= r.hi);
}

static int
parse_number(struct term *t, const struct value *v, const struct unit *u,
    int64_t full)
{
	if (range_parse(v, u, &t->range) < 0)
		return -1;
	t->level = divides_above(t->range, full) ? ASK_FACTS : ASK_RECORD;
	return 0;
}

static const struct unit counts = { .read = read_count };

int
parse_count(struct term *t, const struct value *v)
{
	return parse_number(t, v, &counts, INT64_MAX);
}

int
parse_count16(struct term *t, const struct value *v)
{
	return parse_number(t, v, &counts, UINT16_MAX);
}

int
parse_port(struct term *t, const struct value *v)
{
	if (parse_number(t, v, &counts, INT64_MAX) < 0)
		return -1;
	t->level = ASK_FACTS;
	return 0;
}

enum answer
ask_number(const struct term *t, struct filter_context *c,
    enum ask_level level)
{
	(void)level;
	return answer_of(range_holds(t->range, c->number));
}

enum answer
ask_lines(const struct term *t, struct filter_context *c, enum ask_level level)
{
	(void)level;
	return answer_of(range_holds(t->range, c->rec->lines));
}

static int64_t
count_commands(const struct facts *f, enum smtp_verb verb)
{
	int64_t n = 0;

	for (size_t i = 0; i < f->nlines; i++)
		n += f->lines[i].role == ROLE_COMMAND &&
		    f->lines[i].verb == verb;
	return n;
}

/* A full counter means that many or more: only decoding tells how many. */
static enum answer
ask_commands(const struct term *t, struct filter_context *c, uint16_t n,
    enum smtp_verb verb, enum ask_level level)
{
	if (n < UINT16_MAX || t->level == ASK_RECORD)
		return answer_of(range_holds(t->range, n));
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	return answer_of(range_holds(t->range,
	    count_commands(evidence_facts(c), verb)));
}

enum answer
ask_messages(const struct term *t, struct filter_context *c,
    enum ask_level level)
{
	return ask_commands(t, c, c->rec->messages, VERB_MAIL, level);
}

enum answer
ask_recipients(const struct term *t, struct filter_context *c,
    enum ask_level level)
{
	return ask_commands(t, c, c->rec->recipients, VERB_RCPT, level);
}

enum answer
ask_port(const struct term *t, struct filter_context *c, enum ask_level level)
{
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	return answer_of(evidence_facts(c)->port >= 0 &&
	    range_holds(t->range, evidence_facts(c)->port));
}

/* --- sizes --------------------------------------------------------------- */

static int
read_size(struct slice s, struct range *range, struct err *err)
{
	static const char letters[] = "kmgt";
	struct slice digits = s;
	const char *unit;
	uint64_t n;
	int shift = 0;

	if (digits.n > 1 && ascii_lower(
	    (unsigned char)digits.p[digits.n - 1]) == 'b')
		digits.n--;
	if (digits.n > 1 && (unit = memchr(letters, ascii_lower(
	    (unsigned char)digits.p[digits.n - 1]), 4))) {
		shift = 10 * (int)(unit - letters + 1);
		digits.n--;
	}
	if (!slice_to_u64(digits, &n) || n > (uint64_t)INT64_MAX >> shift) {
		no_number(err, s, "size: write 500, 10k, 25M or 1G");
		return -1;
	}
	n <<= shift;
	*range = (struct range){ (int64_t)n, (int64_t)n };
	return 0;
}

int
parse_size(struct term *t, const struct value *v)
{
	static const struct unit sizes = { .read = read_size };

	t->level = ASK_FACTS;
	return range_parse(v, &sizes, &t->range);
}

enum answer
ask_size(const struct term *t, struct filter_context *c, enum ask_level level)
{
	const struct facts *f;

	if (c->rec->messages == 0)
		return ANSWER_NO;
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	f = evidence_facts(c);
	for (size_t i = 0; i < f->nmessages; i++) {
		const struct fact_message *m = &f->messages[i];

		if (m->has_size && range_holds(t->range,
		    m->size > INT64_MAX ? INT64_MAX : (int64_t)m->size))
			return ANSWER_YES;
	}
	return ANSWER_NO;
}

/* --- durations ----------------------------------------------------------- */

/* The milliseconds that the last figure of 1.5s, 2m or 1h30m stands for. */
static int64_t
duration_step(struct slice s)
{
	static const struct { const char *name; int64_t ms; } units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 },
		{ "d", 86400000 },
	};
	size_t letters = 0, fraction = 0;
	int64_t step = 1000;

	while (letters < s.n &&
	    !ascii_is_digit((unsigned char)s.p[s.n - 1 - letters]))
		letters++;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (slice_case_eq(slice_from(s, s.n - letters),
		    slice_of(units[i].name)))
			step = units[i].ms;
	s = slice_head(s, s.n - letters);
	while (fraction < s.n &&
	    ascii_is_digit((unsigned char)s.p[s.n - 1 - fraction]))
		fraction++;
	if (fraction == s.n || s.p[s.n - 1 - fraction] != '.')
		return step;
	while (fraction-- > 0)
		step /= 10;
	return step > 0 ? step : 1;
}

static int
read_duration(struct slice s, struct range *range, struct err *err)
{
	if (clock_parse_duration(s, &range->lo, err) < 0)
		return -1;
	range->hi = range->lo + duration_step(s) - 1;
	return 0;
}

int
parse_took(struct term *t, const struct value *v)
{
	static const struct unit durations = {
		.read = read_duration, .point = true,
	};

	return parse_number(t, v, &durations, UINT32_MAX);
}

enum answer
ask_took(const struct term *t, struct filter_context *c, enum ask_level level)
{
	const struct facts *f;

	if (c->rec->start == CLOCK_NONE)
		return ANSWER_NO;
	if (c->rec->duration < UINT32_MAX || t->level == ASK_RECORD)
		return answer_of(range_holds(t->range, c->rec->duration));
	if (level < ASK_FACTS)
		return ANSWER_UNKNOWN;
	f = evidence_facts(c);
	return answer_of(f->end != CLOCK_NONE &&
	    range_holds(t->range, f->end - c->rec->start));
}
