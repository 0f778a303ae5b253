/*
 * The array of all formats, and finding out which one a file is in.
 */
#include "config.h"

#include "format/format.h"

#include <string.h>

#include "base/utf8.h"
#include "format/exchange_csv.h"
#include "format/exchange_ims.h"
#include "format/others.h"

const struct format *const formats[] = {
	&format_exchange_csv,
	&format_exchange_ims,
	NULL
};

/* Below this no format is sure enough. */
#define SCORE_MIN 40

const struct format *
format_by_name(const char *name)
{
	for (const struct format *const *f = formats; *f; f++)
		if (strcmp((*f)->name, name) == 0)
			return *f;
	return NULL;
}

const struct format *
format_detect(struct slice head, const struct format_hint *hint,
    struct format_state *st, struct format_traits *traits, struct err *why)
{
	const struct format *best = NULL;
	const char *other;
	struct err reason = { "" }, best_reason = { "" };
	int best_score = 0;

	if (head.n == 0) {
		err_set(why, "it is empty");
		return NULL;
	}
	for (const struct format *const *f = formats; *f; f++) {
		struct format_state s = { 0 };
		struct format_traits t = (*f)->traits;
		int score = (*f)->probe(*f, head, hint, &s, &t, &reason);

		if (score > best_score) {
			best_score = score;
			best = *f;
			best_reason = reason;
			*st = s;
			*traits = t;
		}
	}
	if (best && best_score >= SCORE_MIN) {
		err_set(why, "%d of 100: %s", best_score, best_reason.text);
		return best;
	}
	other = other_log_kind(head);
	if (other)
		err_set(why, "it is %s, which holds no SMTP sessions", other);
	else if (memchr(head.p, '\0', head.n))
		err_set(why, "it is binary, not a log");
	else
		err_set(why, "its first lines are of no format known to ehlog "
		    "(--list-formats lists them, --format=NAME forces one)");
	return NULL;
}
