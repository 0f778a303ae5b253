/*
 * The part of the dialogue that pairs replies with commands.  For dialogue_feed.c
 * alone.
 */
#ifndef EHLOG_SMTP_DIALOGUE_PAIR_H
#define EHLOG_SMTP_DIALOGUE_PAIR_H

#include "smtp/dialogue.h"

enum dialogue_greeting {
	GREETING_UNSEEN,         /* the log may have begun behind it */
	GREETING_AWAITED,
	GREETING_PAST,           /* it came, or was left out of the log */
};

void dialogue_await_greeting(struct dialogue *d);

/* A command was said. */
void dialogue_ask(struct dialogue *d, enum smtp_verb verb, uint32_t line);

/*
 * What was said so far, answered or not, gets no reply from what follows.
 * Returns whether there was message text among it.
 */
bool dialogue_forget(struct dialogue *d);

/*
 * The first line of a reply with the code in step->code: fills in what it
 * answers, and sets d->state to what the client owes now.
 */
void dialogue_answer(struct dialogue *d, struct step *step);

#endif
