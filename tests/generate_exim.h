/*
 * Between what makes up Exim's logs and what writes down their truth: the notes
 * that exim_make() took.  They are entries: `verb` and `message`, `recipient`
 * say what an entry is about, `code` what it tells: a code, a class (4, 5), or
 * nothing (0); `words` is the reason it gives.  A `port` of NOTHING: the log is
 * one by default, and a session in it a guess.
 */
#ifndef GENERATE_EXIM_H
#define GENERATE_EXIM_H

#include "generate_session.h"

/* Adds the members of a session's JSON. */
void exim_row(const struct session *s, struct text *t);

#endif
