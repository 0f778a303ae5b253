/*
 * A hash table from session keys to slots, for the sessions open at one time.
 * Used by the indexer thread alone.
 */
#ifndef EHLOG_INDEX_OPEN_MAP_H
#define EHLOG_INDEX_OPEN_MAP_H

#include <stdint.h>

struct open_entry {
	uint64_t key;
	uint32_t slot;           /* 0: free */
};

struct open_map {
	struct open_entry *entry;
	uint32_t mask, count;
};

void open_map_init(struct open_map *m);
void open_map_free(struct open_map *m);

/* 0 when the key is not there. */
uint32_t open_map_get(const struct open_map *m, uint64_t key);
/* The key must not be there. */
void open_map_put(struct open_map *m, uint64_t key, uint32_t slot);
void open_map_remove(struct open_map *m, uint64_t key);

#endif
