/*
 * The length of a path (RFC 5321, 4.1.2).
 */
#include "config.h"

#include "smtp/path.h"

size_t
path_length(struct slice s)
{
	bool quoted = false;

	if (s.n == 0 || s.p[0] != '<')
		return 0;
	for (size_t n = 1; n < s.n; n++) {
		if (s.p[n] == '\\')
			n++;
		else if (s.p[n] == '"')
			quoted = !quoted;
		else if (s.p[n] == '>' && !quoted)
			return n + 1;
	}
	return 0;
}
