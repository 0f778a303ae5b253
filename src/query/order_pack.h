/*
 * Sorting many entries by their keys: what tells the keys apart is packed with
 * the number of the session into one word, half of the words are sorted in this
 * thread and half in another one, and both merge them from either end.
 */
#ifndef EHLOG_QUERY_ORDER_PACK_H
#define EHLOG_QUERY_ORDER_PACK_H

#include <stddef.h>

#include "query/order_entry.h"

enum order_packed {
	PACKED_NOT,              /* nothing has changed: it does not fit */
	PACKED_BY_KEY,           /* by key, then by number: texts differ */
	PACKED_DONE,             /* and there is nothing else to sort by */
};

/*
 * The entries must come in the order of their numbers; where they do not, or
 * where keys differ in too many bits, they are left alone.
 */
enum order_packed order_pack_sort(struct order_entry *e, size_t n);

#endif
