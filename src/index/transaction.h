/*
 * Mail transactions of a session being decoded: messages, recipients and the
 * replies they got.  A part of facts; used by decode.c alone.
 */
#ifndef EHLOG_INDEX_TRANSACTION_H
#define EHLOG_INDEX_TRANSACTION_H

#include "index/facts.h"

/* The command in lines[line] was said. */
void transaction_command(struct facts *f, uint32_t line);
/* replies[reply] answers the command in lines[] that it names. */
void transaction_reply(struct facts *f, uint32_t reply);
/* A remark of the server: may tell the id of the next message. */
void transaction_note(struct facts *f, struct slice context);
/* All lines are there. */
void transaction_finish(struct facts *f);

#endif
