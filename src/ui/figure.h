/*
 * Figures for people: counts with thousands apart, sizes with their unit.
 */
#ifndef EHLOG_UI_FIGURE_H
#define EHLOG_UI_FIGURE_H

#include "base/mem.h"

/* "1,234,567" */
void figure_count(struct buf *out, uint64_t n);
/* "1.3 GB", "612 MB", "11 bytes" */
void figure_bytes(struct buf *out, uint64_t bytes);

#endif
