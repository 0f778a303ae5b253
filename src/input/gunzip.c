/*
 * gzip by zlib.
 */
#include "config.h"

#include "input/gunzip.h"

#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/mem.h"

#define IN_SIZE 65536

enum place { BEFORE_MEMBER, IN_MEMBER, AT_END };

struct gunzip {
	gunzip_read_fn read;
	void *arg;
	z_stream z;
	bool open;               /* z is in use */
	enum place place;
	bool any;                /* a member was there */
	struct err why;          /* what ended it; "" if nothing did */
	unsigned char in[IN_SIZE];
};

struct gunzip *
gunzip_new(gunzip_read_fn read, void *arg)
{
	struct gunzip *g = mem_alloc(sizeof *g);

	g->read = read;
	g->arg = arg;
	/* 15: the largest window; 16: gzip, nothing else. */
	g->open = inflateInit2(&g->z, 15 + 16) == Z_OK;
	if (!g->open)
		err_set(&g->why, "zlib cannot be used");
	return g;
}

void
gunzip_free(struct gunzip *g)
{
	if (!g)
		return;
	if (g->open)
		inflateEnd(&g->z);
	free(g);
}

/* False at the end of the file or on trouble, told in g->why. */
static bool
more_input(struct gunzip *g)
{
	ssize_t n = g->read(g->arg, g->in, IN_SIZE, &g->why);

	g->z.next_in = g->in;
	g->z.avail_in = n > 0 ? (uInt)n : 0;
	if (n == 0 && (g->place == IN_MEMBER || !g->any))
		err_set(&g->why, "ends too early: it was cut");
	return n > 0;
}

/*
 * Behind a member: another one, or nothing but padding, or the end.  What is
 * no gzip behind a whole member is no text that anyone lost.
 */
static void
begin_member(struct gunzip *g)
{
	while (g->any && g->z.avail_in && *g->z.next_in == 0) {
		g->z.next_in++;
		g->z.avail_in--;
	}
	if (g->z.avail_in == 0)
		return;
	if (g->any && *g->z.next_in != 0x1f) {
		g->place = AT_END;
		return;
	}
	inflateReset2(&g->z, 15 + 16);
	g->place = IN_MEMBER;
}

/* False when it needs more input first. */
static bool
unpack_some(struct gunzip *g)
{
	int r = inflate(&g->z, Z_NO_FLUSH);

	if (r == Z_BUF_ERROR && g->z.avail_in == 0)
		return false;
	if (r == Z_STREAM_END) {
		g->place = BEFORE_MEMBER;
		g->any = true;
	} else if (r != Z_OK) {
		err_set(&g->why, "is damaged: %s", g->z.msg ? g->z.msg :
		    "no gzip data");
	}
	return true;
}

ssize_t
gunzip_read(struct gunzip *g, void *buf, size_t n, struct err *err)
{
	g->z.next_out = buf;
	g->z.avail_out = n > UINT32_MAX ? UINT32_MAX : (uInt)n;
	n = g->z.avail_out;
	/* Not until the buffer is full: text of a pipe is wanted now. */
	while (g->z.avail_out == n && g->place != AT_END && !g->why.text[0]) {
		/* It may hold back text that had no room. */
		if (g->place == IN_MEMBER && unpack_some(g))
			continue;
		if (g->z.avail_in == 0 && !more_input(g))
			g->place = AT_END;
		else if (g->place == BEFORE_MEMBER)
			begin_member(g);
	}
	if (g->z.avail_out < n)
		return (ssize_t)(n - g->z.avail_out);
	if (g->why.text[0]) {
		*err = g->why;
		return -1;
	}
	return 0;
}
