/*
 * Endpoints as logs write them: host, host:port, [v6]:port, [v6], and
 * host', port of Python's tuples, and host) port 25 of curl.
 */
#ifndef EHLOG_INDEX_ENDPOINT_H
#define EHLOG_INDEX_ENDPOINT_H

#include "base/slice.h"

/* *port is -1 where the log has none. */
void endpoint_split(struct slice s, struct slice *host, int32_t *port);

/*
 * The name under which an endpoint is interned: its host.  No host name is
 * longer than 255 bytes (RFC 1035): the rest is no name, and would be kept in
 * memory.
 */
struct slice endpoint_name(struct slice s);

#endif
