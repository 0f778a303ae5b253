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

/* Where the search for a key begins. */
static inline uint32_t
open_map_home(const struct open_map *m, uint64_t key)
{
	key *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(key >> 32) & m->mask;
}

/* To be fetched into the cache before it is needed. */
static inline const void *
open_map_place(const struct open_map *m, uint64_t key)
{
	return &m->entry[open_map_home(m, key)];
}

/* What stands there: mostly, but not surely, the slot of the key. */
static inline uint32_t
open_map_peek(const struct open_map *m, uint64_t key)
{
	return m->entry[open_map_home(m, key)].slot;
}

/* The same for a key that may stand elsewhere. */
uint32_t open_map_find(const struct open_map *m, uint64_t key);

/* 0 when the key is not there. */
static inline uint32_t
open_map_get(const struct open_map *m, uint64_t key)
{
	const struct open_entry *e = &m->entry[open_map_home(m, key)];

	return e->slot == 0 || e->key == key ? e->slot : open_map_find(m, key);
}

/* The key must not be there. */
void open_map_put(struct open_map *m, uint64_t key, uint32_t slot);
void open_map_remove(struct open_map *m, uint64_t key);

#endif
