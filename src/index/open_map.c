/*
 * Open addressing with linear probing; removal moves later entries back, so
 * that there are no tombstones however many sessions come and go.
 */
#include "config.h"

#include "index/open_map.h"

#include "base/mem.h"

void
open_map_init(struct open_map *m)
{
	*m = (struct open_map){ .mask = 63 };
	m->entry = mem_table((size_t)m->mask + 1, sizeof *m->entry);
}

void
open_map_free(struct open_map *m)
{
	mem_table_free(m->entry, (size_t)m->mask + 1, sizeof *m->entry);
	*m = (struct open_map){ 0 };
}

uint32_t
open_map_find(const struct open_map *m, uint64_t key)
{
	for (uint32_t i = open_map_home(m, key);; i = (i + 1) & m->mask)
		if (m->entry[i].slot == 0 || m->entry[i].key == key)
			return m->entry[i].slot;
}

static void
grow(struct open_map *m)
{
	struct open_map old = *m;

	m->mask = old.mask * 2 + 1;
	m->count = 0;
	m->entry = mem_table((size_t)m->mask + 1, sizeof *m->entry);
	for (uint32_t i = 0; i <= old.mask; i++)
		if (old.entry[i].slot)
			open_map_put(m, old.entry[i].key, old.entry[i].slot);
	mem_table_free(old.entry, (size_t)old.mask + 1, sizeof *old.entry);
}

void
open_map_put(struct open_map *m, uint64_t key, uint32_t slot)
{
	uint32_t i;

	if ((m->count + 1) * 2 > m->mask)
		grow(m);
	for (i = open_map_home(m, key); m->entry[i].slot; i = (i + 1) & m->mask)
		;
	m->entry[i] = (struct open_entry){ key, slot };
	m->count++;
}

void
open_map_remove(struct open_map *m, uint64_t key)
{
	uint32_t i = open_map_home(m, key), j;

	while (m->entry[i].slot && m->entry[i].key != key)
		i = (i + 1) & m->mask;
	if (!m->entry[i].slot)
		return;
	m->count--;
	for (j = (i + 1) & m->mask; m->entry[j].slot; j = (j + 1) & m->mask) {
		uint32_t h = open_map_home(m, m->entry[j].key);

		/* An entry may move back unless that is before its home. */
		if (((j - h) & m->mask) >= ((j - i) & m->mask)) {
			m->entry[i] = m->entry[j];
			i = j;
		}
	}
	m->entry[i].slot = 0;
}
