/*
 * Endpoints as logs write them: host, host:port, [v6]:port, [v6].
 */
#ifndef EHLOG_INDEX_ENDPOINT_H
#define EHLOG_INDEX_ENDPOINT_H

#include "base/slice.h"

/* *port is -1 where the log has none. */
void endpoint_split(struct slice s, struct slice *host, int32_t *port);

#endif
