/*
 * Ranges of numbers, whatever the numbers count.
 */
#include "config.h"

#include "query/range.h"

/* field:>10 is field>10. */
static struct slice
take_operator(struct slice s, enum term_op *op)
{
	static const struct { const char *text; enum term_op op; } ops[] = {
		{ ">=", OP_AT_LEAST }, { "<=", OP_AT_MOST }, { ">", OP_MORE },
		{ "<", OP_LESS }, { "=", OP_IS },
	};

	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
		struct slice head = slice_of(ops[i].text);

		if (!slice_starts(s, head))
			continue;
		*op = ops[i].op;
		return slice_from(s, head.n);
	}
	return s;
}

int
range_split(const struct value *v, struct sides *sides)
{
	struct slice s = v->text;
	ptrdiff_t dots;

	*sides = (struct sides){ .op = v->op };
	if (v->regex)
		return value_mistake(v, "%s takes a number or a range such as "
		    "10..20, no expression", excerpt(v->name).text);
	if (v->op == OP_IS && !v->quoted)
		s = take_operator(s, &sides->op);
	if (s.n == 0)
		return value_mistake(v, "a value is missing here");
	dots = slice_find(s, SLICE(".."));
	if (dots < 0) {
		sides->lo = s;
		return 0;
	}
	if (sides->op != OP_IS)
		return value_mistake(v, "a range follows a colon: write "
		    "%s:%s", excerpt(v->name).text, excerpt(s).text);
	sides->is_range = true;
	sides->lo = slice_head(s, (size_t)dots);
	sides->hi = slice_from(s, (size_t)dots + 2);
	if (sides->lo.n == 0 && sides->hi.n == 0)
		return value_mistake(v, "a range needs a start or an end");
	return 0;
}

static int64_t
before(int64_t n)
{
	return n == INT64_MIN ? n : n - 1;
}

struct range
range_compare(enum term_op op, struct range said, bool point)
{
	int64_t top = point ? said.lo : said.hi;
	struct range none = { 0, -1 };

	switch (op) {
	case OP_LESS:
		return (struct range){ INT64_MIN, before(said.lo) };
	case OP_AT_MOST:
		return (struct range){ INT64_MIN, top };
	case OP_MORE:
		return top == INT64_MAX ? none :
		    (struct range){ top + 1, INT64_MAX };
	case OP_AT_LEAST:
		return (struct range){ said.lo, INT64_MAX };
	default:
		return said;
	}
}

static int
read_side(const struct value *v, const struct unit *u, struct slice side,
    struct range *range)
{
	struct err err;

	if (u->read(side, range, &err) < 0)
		return value_mistake_in(v, side, "%.200s", err.text);
	return 0;
}

int
range_parse(const struct value *v, const struct unit *u, struct range *range)
{
	struct sides s;
	struct range lo = { INT64_MIN, INT64_MIN };
	struct range hi = { INT64_MAX, INT64_MAX };

	if (range_split(v, &s) < 0)
		return -1;
	if (!s.is_range) {
		if (read_side(v, u, s.lo, &lo) < 0)
			return -1;
		*range = range_compare(s.op, lo, u->point);
		return 0;
	}
	if ((s.lo.n && read_side(v, u, s.lo, &lo) < 0) ||
	    (s.hi.n && read_side(v, u, s.hi, &hi) < 0))
		return -1;
	*range = (struct range){ lo.lo, u->point ? hi.lo : hi.hi };
	if (range->lo > range->hi)
		return value_mistake(v, "this range runs backwards: write "
		    "%s..%s", excerpt(s.hi).text, excerpt(s.lo).text);
	return 0;
}
