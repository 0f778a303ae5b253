/*
 * Times as they are shown: the index has instants where it can, and a person
 * reads them on the clocks of a zone.
 */
#ifndef EHLOG_INDEX_SHOWN_H
#define EHLOG_INDEX_SHOWN_H

#include "index/store.h"

/* What clocks on the wall show of it, where this stream's times are shown. */
int64_t stream_wall(const struct stream *sm, int64_t t);
/* As clock_iso(); nothing of no time. */
void stream_iso(struct buf *out, const struct stream *sm, int64_t t);
/* Whether what is shown of its times is UTC. */
bool stream_shows_utc(const struct stream *sm);

#endif
