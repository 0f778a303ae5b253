/*
 * What a session is sorted by.
 */
#ifndef EHLOG_QUERY_ORDER_ENTRY_H
#define EHLOG_QUERY_ORDER_ENTRY_H

#include <stdint.h>

/*
 * Entries stand by key, then by text (without regard to case), then by number.
 * Text is a number of the intern that goes with the order; 0: none.
 */
struct order_entry {
	uint64_t key;
	uint32_t number;
	uint32_t text;
};

#endif
