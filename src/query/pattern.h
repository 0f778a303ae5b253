/*
 * What can be told of a regular expression before it is compiled: whether
 * smart case ignores case, and whether bytes may stand for characters.
 */
#ifndef EHLOG_QUERY_PATTERN_H
#define EHLOG_QUERY_PATTERN_H

#include "base/slice.h"

/* An upper-case letter that means itself: not of an escape or a group name. */
bool pattern_has_upper(struct slice pattern);
/* The same of a literal, where nothing is an escape. */
bool literal_has_upper(struct slice text);

/*
 * Whether matching byte by byte finds what matching UTF-8 would find, with the
 * same extent.  Byte mode is several times faster where case is ignored: in
 * UTF-8, `s` and `k` have three forms.  (Only those third forms, U+017F and
 * U+212A, are not found then.)  False in every doubtful case.
 */
bool pattern_suits_bytes(struct slice pattern);
bool literal_suits_bytes(struct slice text);

#endif
