/*
 * Planned streams: what their names say.
 */
#include "config.h"

#include "index/planned.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "input/gather.h"
#include "input/rotation.h"

struct slice
planned_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return (struct slice){ path, slash ? (size_t)(slash - path) + 1 : 0 };
}

struct slice
planned_name(const char *path)
{
	return slice_from(slice_of(path), planned_folder(path).n);
}

/*
 * Whether a file comes before another of its stream: by the time it begins
 * with, where a rotated set has more than names to go by.
 */
static bool
is_before(const struct planned_stream *ps, const struct planned_file *a,
    const struct planned_file *b)
{
	struct rotation ra, rb;
	int c = 0;

	if (ps->rotated) {
		if (a->began != CLOCK_NONE && b->began != CLOCK_NONE)
			c = (a->began > b->began) - (a->began < b->began);
		if (c == 0) {
			rotation_of(planned_name(a->path), &ra);
			rotation_of(planned_name(b->path), &rb);
			c = rotation_compare(&ra, &rb);
		}
	}
	return c ? c < 0 : gather_compare(a->path, b->path) < 0;
}

void
planned_add(struct planned_stream *ps, struct planned_file file, bool later)
{
	size_t at;

	mem_reserve(&ps->file, &ps->cap, ps->n + 1, sizeof *ps->file);
	for (at = ps->n; at > 0 && (file.second == ps->file[at - 1].second ?
	    !later && is_before(ps, &file, &ps->file[at - 1]) :
	    ps->file[at - 1].second); at--)
		ps->file[at] = ps->file[at - 1];
	ps->file[at] = file;
	ps->n++;
	ps->seconds += file.second;
}

char *
planned_key(const struct format *fm, struct slice name, bool *rotated)
{
	struct rotation r;
	struct buf b = { 0 };
	struct slice key = SLICE_NONE;
	char *s;

	rotation_of(name, &r);
	if (fm && fm->stream_of)
		key = fm->stream_of(fm, r.name);
	*rotated = key.n == 0;
	if (fm) {
		buf_add(&b, key.n ? key : r.base);
		if (key.n == 0)
			buf_add(&b, r.ending);
	}
	s = mem_slicedup(buf_slice(&b));
	buf_free(&b);
	return s;
}

void
planned_check_clock(struct planned_stream *ps, const char *path,
    const struct source_label *label)
{
	if (!ps->odd && !source_clock_is_same(&ps->label.clock, &label->clock))
		ps->odd = mem_strdup(path);
}

struct source_clock
planned_clock(const struct planned_stream *ps)
{
	struct source_clock c = ps->label.clock;

	if (ps->traits.times_are_utc)
		c.zone = (struct zone){ .kind = ZONE_NONE };
	return c;
}

void
planned_free(struct planned_stream *ps)
{
	free(ps->odd);
	free(ps->file);
	free(ps->folder);
	free(ps->why);
	free(ps->key);
}

char *
planned_first_key(const struct format *fm, const char *key)
{
	struct slice s = slice_of(key), word;
	struct buf b = { 0 };
	ptrdiff_t at;
	char *first;

	if (!fm || !fm->second_log)
		return NULL;
	word = slice_of(fm->second_log);
	at = slice_find(s, word);
	if (at < 0)
		return NULL;
	buf_add(&b, slice_head(s, (size_t)at));
	buf_add(&b, slice_of(fm->first_log));
	buf_add(&b, slice_from(s, (size_t)at + word.n));
	first = mem_slicedup(buf_slice(&b));
	buf_free(&b);
	return first;
}

bool
planned_same_host(const struct source_label *a, const struct source_label *b)
{
	return a->host && b->host ? strcmp(a->host, b->host) == 0 :
	    !a->host && !b->host;
}

struct planned_stream *
planned_find(struct planned_stream *stream, size_t n, const struct format *fm,
    struct slice folder, const char *key, const struct source_label *label)
{
	for (size_t i = 0; key && key[0] && i < n; i++) {
		struct planned_stream *ps = &stream[i];

		if (ps->format == fm &&
		    slice_eq(slice_of(ps->folder), folder) &&
		    slice_case_eq(slice_of(ps->key), slice_of(key)) &&
		    planned_same_host(&ps->label, label))
			return ps;
	}
	return NULL;
}

void
planned_join_seconds(struct planned_stream *stream, size_t *n)
{
	for (size_t i = 0; i < *n; i++) {
		struct planned_stream *ps = &stream[i], *to;
		char *first = ps->rotated ?
		    planned_first_key(ps->format, ps->key) : NULL;

		to = planned_find(stream, *n, ps->format,
		    slice_of(ps->folder), first, &ps->label);
		free(first);
		if (!to)
			continue;
		planned_check_clock(to, ps->file[0].path, &ps->label);
		for (size_t k = 0; k < ps->n; k++) {
			ps->file[k].second = true;
			planned_add(to, ps->file[k], false);
		}
		planned_free(ps);
		memmove(ps, ps + 1, (--*n - i) * sizeof *ps);
		i--;
	}
}

/* Names are shown from where they differ: mx1/mail.log, mx2/mail.log. */
size_t
planned_common(const struct planned_stream *stream, size_t n)
{
	const char *first = n ? stream[0].folder : "";
	size_t common = strlen(first);

	for (size_t i = 1; i < n; i++) {
		const char *folder = stream[i].folder;
		size_t k = 0;

		if (stream[i].file[0].pipe)
			continue;
		while (k < common && folder[k] == first[k])
			k++;
		common = k;
	}
	while (common > 0 && first[common - 1] != '/')
		common--;
	return common;
}

bool
planned_was_read(const struct planned_stream *ps, const char *path)
{
	struct rotation ours, r;

	rotation_of(planned_name(path), &ours);
	for (size_t i = 0; i < ps->n; i++) {
		rotation_of(planned_name(ps->file[i].path), &r);
		if (slice_eq(r.name, ours.name))
			return true;
		if (ps->rotated && r.mark == ROTATION_LIVE &&
		    ours.mark != ROTATION_LIVE)
			return true;
	}
	return false;
}
