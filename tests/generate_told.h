/*
 * Logs that tell in words: no dialogue is made up but what it comes to, so the
 * truth of a session is written down from the notes that its maker took.
 * Notes are entries: `verb` and `message`, `recipient` say what an entry is
 * about (`size` recipients from that one on, where it is not 0), `code` what it
 * tells: a code, a class (4, 5), or nothing (0); `words` is the reason it gives.
 *
 *   VERB_RCPT    of a recipient in the session
 *   VERB_DATA    the message came in: its code is the message's
 *   VERB_BDAT    the message was refused
 *   VERB_OTHER   a delivery of it
 *
 * `ends_message`: the entry does not tell who sent the message.
 */
#ifndef GENERATE_TOLD_H
#define GENERATE_TOLD_H

#include "generate_log.h"

/*
 * A line of the log, which is used up, and what it tells.  `who` writes it is
 * left in `sequence`.
 */
struct entry *told_note(struct session *s, uint32_t who, struct text *line,
    uint16_t code, const char *enhanced, const char *reason);
/* <ann@example.org> */
void told_path(struct text *t, const struct session *s, struct piece p);
/* A recipient or sender that is none so far; at times an odd one. */
struct piece told_mailbox(struct session *s, const char *const *odd, size_t n);
int32_t told_recipient(struct session *s, struct piece to);
int32_t told_message(struct session *s, struct piece from);
/* Who it is; `guessed`: the log does not say which lines are one session's. */
void told_peer(const struct session *s, struct text *t, bool guessed);
/*
 * Messages, worst reply and outcome.  A session ends with ENTRY_CLOSE, or is
 * over when s->next_began; s->sequence is 1 where it was lost amid a message.
 */
void told_mail(const struct session *s, struct text *t);

#endif
