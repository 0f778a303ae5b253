/*
 * Facts: the struct itself.  How a session becomes facts is in decode.c.
 */
#include "config.h"

#include "index/facts.h"

#include <stdlib.h>

void
facts_init(struct facts *f)
{
	*f = (struct facts){ 0 };
}

void
facts_free(struct facts *f)
{
	free(f->lines);
	free(f->replies);
	free(f->messages);
	free(f->recipients);
	arena_free(&f->arena);
	*f = (struct facts){ 0 };
}

struct slice
facts_from(const struct facts *f)
{
	return f->nmessages ? f->messages[0].from : SLICE_NONE;
}

struct slice
facts_to(const struct facts *f)
{
	return f->nrecipients ? f->recipients[0].to : SLICE_NONE;
}

struct fact_message *
facts_add_message(struct facts *f)
{
	struct fact_message *m;

	mem_reserve(&f->messages, &f->messages_cap, f->nmessages + 1,
	    sizeof *f->messages);
	m = &f->messages[f->nmessages++];
	*m = (struct fact_message){
		.first_recipient = (uint32_t)f->nrecipients,
	};
	return m;
}
