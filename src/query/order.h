/*
 * A list of sessions in a sort order: entries with their keys, kept sorted
 * while some go and others come.  It knows nothing of filters.
 */
#ifndef EHLOG_QUERY_ORDER_H
#define EHLOG_QUERY_ORDER_H

#include <stddef.h>
#include <stdint.h>

#include "base/intern.h"
#include "query/order_entry.h"

struct order_list {
	struct order_entry *e;
	size_t n, cap;
};

/* The first eight bytes of a text, as a key by which texts are in order. */
uint64_t order_text_key(struct slice text);

int order_compare(const struct intern *texts, const struct order_entry *a,
    const struct order_entry *b);

/*
 * Sorts entries; fastest those that come by number.  Takes as much memory again
 * while it runs, and a second thread where they are many.
 */
void order_sort(const struct intern *texts, struct order_entry *e, size_t n);

/* Index of the first entry that does not stand before x. */
size_t order_lower(const struct intern *texts, const struct order_list *l,
    const struct order_entry *x);

/* Room for n in all, best asked for before many are pushed. */
void order_reserve(struct order_list *l, size_t n);
void order_push(struct order_list *l, const struct order_entry *x);
void order_free(struct order_list *l);

/*
 * Takes `gone` out of l and merges `come` into it; both are sorted.  What is
 * not there is not taken out.  `come` may be left empty-handed: its memory is
 * taken over where l was empty.
 */
void order_apply(const struct intern *texts, struct order_list *l,
    const struct order_list *gone, struct order_list *come);

#endif
