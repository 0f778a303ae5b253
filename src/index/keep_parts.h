/*
 * What stands in the first part of a kept file before the assembler: shared by
 * who writes it and who reads it.
 */
#ifndef EHLOG_INDEX_KEEP_PARTS_H
#define EHLOG_INDEX_KEEP_PARTS_H

#include "index/keep_file.h"
#include "index/keep_log.h"
#include "index/keep_options.h"
#include "index/keep_state.h"
#include "index/plan.h"

struct keep_segment {
	uint64_t base;           /* as in struct segment */
	uint32_t first_line;
	struct keep_log log;
};

struct keep_facts {
	uint64_t end;            /* stream offset */
	uint32_t lines, sessions, peers, slots;
	uint32_t high_from, shares;
	uint32_t nsegments, nstates;
	struct progress counts;  /* of this stream alone */
	struct keep_segment *segment;
	struct state_mark *state;
};

/* Puts them in or takes them out; taken out, they are sound or k->wrong. */
void keep_pack_facts(struct keep_pack *k, struct keep_facts *f);
void keep_facts_free(struct keep_facts *f);

/* The file that a stream is kept in, allocated; NULL where none can be. */
char *keep_path(const struct keep_options *o, const struct planned_stream *ps);
/* What must be the same, beside the log. */
uint64_t keep_fits(const struct planned_stream *ps);

#endif
