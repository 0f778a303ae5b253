/*
 * Session records: their names for people, and the sequence lock by which one
 * thread changes a record that others read.
 */
#include "config.h"

#include "index/session.h"

#include "smtp/reply.h"
#include "smtp/verb.h"

#include <stddef.h>
#include <string.h>

_Static_assert(VERB_COUNT <= 64, "a verb fits its bits");

static const char *const outcome_names[OUTCOME_COUNT] = {
	[OUTCOME_OK] = "ok",
	[OUTCOME_TEMPORARY] = "temporary",
	[OUTCOME_PERMANENT] = "permanent",
	[OUTCOME_DROPPED] = "dropped",
	[OUTCOME_REFUSED] = "refused",
	[OUTCOME_OPEN] = "open",
	[OUTCOME_EMPTY] = "empty",
};

static const char *const ending_texts[ENDING_COUNT] = {
	[ENDING_NONE] = "no end yet",
	[ENDING_SAID] = "closed",
	[ENDING_LOST] = "connection lost",
	[ENDING_NEXT] = "no end in the log, the next session began",
	[ENDING_IDLE] = "no end in the log, silent since",
	[ENDING_DISPLACED] = "displaced: too many sessions at once",
};

const char *
outcome_name(enum outcome o)
{
	return o < OUTCOME_COUNT ? outcome_names[o] : "";
}

int
outcome_by_name(const char *name)
{
	for (int i = 0; i < OUTCOME_COUNT; i++)
		if (strcmp(name, outcome_names[i]) == 0)
			return i;
	return -1;
}

const char *
ending_words(enum ending e)
{
	return e < ENDING_COUNT ? ending_texts[e] : "";
}

bool
code_is_worse(unsigned a, unsigned b)
{
	unsigned ca = reply_class(a), cb = reply_class(b);

	if (ca != 4 && ca != 5)
		return false;
	if (cb != 4 && cb != 5)
		return true;
	return ca > cb || (ca == cb && reply_code_known(a) &&
	    !reply_code_known(b));
}

/*
 * The sequence number is the last 16 bits of the last word; an odd one says
 * that a store is under way.  The release of each word keeps it behind the
 * odd number, the acquire of each word keeps the second look behind it.
 */
#define SEQUENCE_WORD 7
#define SEQUENCE_AT   offsetof(struct session, sequence)

static uint16_t
sequence_of(uint64_t word)
{
	uint16_t seq;
	char bytes[8];

	memcpy(bytes, &word, sizeof bytes);
	memcpy(&seq, bytes + SEQUENCE_AT % 8, sizeof seq);
	return seq;
}

void
session_store(struct session_cell *cell, const struct session *s)
{
	uint64_t word[8], last;
	struct session copy = *s;
	uint16_t seq;

	last = atomic_load_explicit(&cell->word[SEQUENCE_WORD],
	    memory_order_relaxed);
	seq = (uint16_t)(sequence_of(last) | 1);
	copy.sequence = seq;
	memcpy(word, &copy, sizeof word);
	/* The old last word under the odd number, then the new content. */
	atomic_store_explicit(&cell->word[SEQUENCE_WORD],
	    word[SEQUENCE_WORD], memory_order_relaxed);
	for (int i = 0; i < SEQUENCE_WORD; i++)
		atomic_store_explicit(&cell->word[i], word[i],
		    memory_order_release);
	copy.sequence = (uint16_t)(seq + 1);
	memcpy(word, &copy, sizeof word);
	atomic_store_explicit(&cell->word[SEQUENCE_WORD],
	    word[SEQUENCE_WORD], memory_order_release);
}

void
session_load(const struct session_cell *cell, struct session *s)
{
	char *to = (char *)s;
	uint64_t last, again;

	do {
		last = atomic_load_explicit(&cell->word[SEQUENCE_WORD],
		    memory_order_acquire);
		/* To where it belongs: what is stored by words and copied by
		   larger parts must wait for the stores. */
		for (size_t i = 0; i < SEQUENCE_WORD; i++) {
			uint64_t word = atomic_load_explicit(&cell->word[i],
			    memory_order_acquire);

			memcpy(to + i * sizeof word, &word, sizeof word);
		}
		memcpy(to + SEQUENCE_WORD * sizeof last, &last, sizeof last);
		again = atomic_load_explicit(&cell->word[SEQUENCE_WORD],
		    memory_order_relaxed);
	} while ((sequence_of(again) & 1) || again != last);
}
