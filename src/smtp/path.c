/*
 * The length of a path (RFC 5321, 4.1.2).
 */
#include "config.h"

#include "smtp/path.h"

#include "base/mask.h"

size_t
path_length(struct slice s)
{
	bool quoted = false;

	if (s.n == 0 || s.p[0] != '<')
		return 0;
	for (size_t n = 1;; n++) {
		n += mask_find_first(s.p + n, s.n - n, '>', '"', '\\');
		if (n >= s.n)
			return 0;
		if (s.p[n] == '"')
			quoted = !quoted;
		else if (s.p[n] == '>' && !quoted)
			return n + 1;
		else if (s.p[n] == '\\' && ++n >= s.n)
			return 0;
	}
}
