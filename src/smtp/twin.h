/*
 * Twins: some logs hold a line twice, as it was received and as it was
 * understood, with other blanks.  Whether two texts are twins is told by the
 * length and the hash of the text with its runs of blanks folded into one and
 * those at both ends left out, so that no text need be kept.
 */
#ifndef EHLOG_SMTP_TWIN_H
#define EHLOG_SMTP_TWIN_H

#include "base/slice.h"

struct twin {
	uint64_t hash;
	size_t length;           /* of the folded text */
};

struct twin twin_of(struct slice text);

/*
 * Whether `text` is the twin.  `head`: it is enough that it begins with the
 * twin, which may have been broken into lines or cut at the end.
 */
bool twin_matches(const struct twin *t, struct slice text, bool head);

#endif
