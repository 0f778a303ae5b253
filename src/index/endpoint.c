/*
 * Endpoints: taking host and port apart.
 */
#include "config.h"

#include "index/endpoint.h"

static bool
port_of(struct slice s, int32_t *port)
{
	uint64_t v;

	if (s.n > 5 || !slice_to_u64(s, &v) || v > 65535)
		return false;
	*port = (int32_t)v;
	return true;
}

/* host', port of a tuple as Python writes it; host) port 25 of curl. */
static bool
split_words(struct slice s, struct slice *host, int32_t *port)
{
	static const struct slice marks[] = { { "', ", 3 }, { ") port ", 7 } };

	/* Both have a blank, and hardly any other endpoint has. */
	if (slice_find_char(s, ' ') < 0)
		return false;
	for (size_t i = 0; i < 2; i++) {
		ptrdiff_t at = slice_find(s, marks[i]);

		if (at < 1 || !port_of(slice_from(s, (size_t)at + marks[i].n),
		    port))
			continue;
		*host = slice_head(s, (size_t)at);
		return true;
	}
	return false;
}

void
endpoint_split(struct slice s, struct slice *host, int32_t *port)
{
	ptrdiff_t close, colon = -1;

	*host = s;
	*port = -1;
	if (split_words(s, host, port))
		return;
	if (s.n && s.p[0] == '[') {
		close = slice_find_char(s, ']');
		if (close < 0)
			return;
		*host = slice_from(slice_head(s, (size_t)close), 1);
		if ((size_t)close + 1 < s.n && s.p[close + 1] == ':')
			port_of(slice_from(s, (size_t)close + 2), port);
		return;
	}
	for (size_t i = s.n; i-- > 0 && s.n - i <= 6;)
		if (s.p[i] == ':') {
			colon = (ptrdiff_t)i;
			break;
		}
	/* More than one colon and no brackets: an IPv6 address alone. */
	if (colon >= 0 &&
	    slice_find_char(slice_head(s, (size_t)colon), ':') < 0 &&
	    port_of(slice_from(s, (size_t)colon + 1), port))
		*host = slice_head(s, (size_t)colon);
}

#define HOST_MAX 255

struct slice
endpoint_name(struct slice s)
{
	struct slice host;
	int32_t port;

	endpoint_split(s, &host, &port);
	return slice_head(host, HOST_MAX);
}
