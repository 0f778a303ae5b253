/*
 * Reading a kept file: the head is checked field by field and has a sum of its
 * own, so that no part can lie outside of the file.
 */
#include "config.h"

#include "index/keep_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "index/keep_sum.h"
#include "index/session.h"
#include "input/file.h"

/* Grows whenever a part gets another meaning. */
#define PARTS_VERSION 4
#define MAGIC   "ehlogidx"
/* Reads otherwise where bytes lie in another order. */
#define ORDER   UINT32_C(0x01020304)
#define BUFFER  ((size_t)256 << 10)

struct part_head {
	uint64_t at, bytes;
	uint64_t sum;            /* of whole pages, piece by piece */
};

struct head {
	char magic[8];
	uint32_t order, version;
	uint32_t page, record;   /* bytes of a page, of a session's record */
	uint64_t program;        /* which ehlog wrote it */
	uint64_t fits;
	uint64_t size;           /* of the file */
	struct part_head part[KEEP_PARTS];
	uint64_t sum;            /* of all that stands before it */
};

static size_t
page_size(void)
{
	long n = sysconf(_SC_PAGESIZE);

	return n > 0 ? (size_t)n : 4096;
}

static uint64_t
whole_pages(uint64_t bytes)
{
	uint64_t page = page_size();

	return (bytes + page - 1) / page * page;
}

/*
 * Another version may understand a line otherwise, and so may the same version
 * built again: where the system tells which file is running, that one counts.
 */
static uint64_t
this_program(void)
{
	struct {
		char version[40];
		int64_t size, seconds, nanoseconds;
	} me = { .version = PACKAGE_VERSION };
	struct stat sb;

	if (stat("/proc/self/exe", &sb) == 0) {
		me.size = sb.st_size;
		me.seconds = sb.st_mtim.tv_sec;
		me.nanoseconds = sb.st_mtim.tv_nsec;
	}
	return keep_sum_of(&me, sizeof me);
}

static struct head
begin_head(uint64_t fits)
{
	struct head h;

	memset(&h, 0, sizeof h);
	memcpy(h.magic, MAGIC, sizeof h.magic);
	h.order = ORDER;
	h.version = PARTS_VERSION;
	h.page = (uint32_t)page_size();
	h.record = sizeof(struct session);
	h.program = this_program();
	h.fits = fits;
	return h;
}

/* --- reading ---------------------------------------------------------------- */

/* Nobody else may have written it. */
static bool
is_ours(int fd, size_t *size)
{
	struct stat sb;

	if (fstat(fd, &sb) < 0 || !S_ISREG(sb.st_mode) ||
	    sb.st_uid != geteuid() || (sb.st_mode & 077) != 0 ||
	    sb.st_size < (off_t)sizeof(struct head) ||
	    (uint64_t)sb.st_size > SIZE_MAX)
		return false;
	*size = (size_t)sb.st_size;
	return true;
}

static bool
part_lies_inside(const struct part_head *p, uint64_t size)
{
	return p->at % page_size() == 0 && p->at >= sizeof(struct head) &&
	    p->at <= size && p->bytes <= size &&
	    whole_pages(p->bytes) <= size - p->at;
}

static bool
head_fits(const struct head *h, uint64_t fits, size_t size)
{
	struct head wanted = begin_head(fits);

	if (memcmp(h, &wanted, offsetof(struct head, size)) != 0 ||
	    h->size != size ||
	    h->sum != keep_sum_of(h, offsetof(struct head, sum)))
		return false;
	for (int i = 0; i < KEEP_PARTS; i++)
		if (!part_lies_inside(&h->part[i], size))
			return false;
	return true;
}

static bool
map_file(struct keep_file *f, uint64_t fits)
{
	struct head h;
	void *map;

	if (!is_ours(f->fd, &f->size) ||
	    pread(f->fd, &h, sizeof h, 0) != (ssize_t)sizeof h ||
	    !head_fits(&h, fits, f->size))
		return false;
	map = mmap(NULL, f->size, PROT_READ, MAP_PRIVATE, f->fd, 0);
	if (map == MAP_FAILED)
		return false;
	f->map = map;
	for (int i = 0; i < KEEP_PARTS; i++)
		f->part[i] = (struct slice){ f->map + h.part[i].at,
		    (size_t)h.part[i].bytes };
	return true;
}

bool
keep_file_open(struct keep_file *f, const char *path, uint64_t fits)
{
	*f = (struct keep_file){ .fd = open(path, O_RDONLY | O_CLOEXEC |
	    O_NOFOLLOW | O_NONBLOCK | O_NOCTTY) };
	if (f->fd < 0)
		return false;
	if (map_file(f, fits))
		return true;
	close(f->fd);
	return false;
}

static bool
is_zero(const char *p, size_t n)
{
	while (n && *p == 0) {
		p++;
		n--;
	}
	return n == 0;
}

size_t
keep_file_pieces(const struct keep_file *f, enum keep_part part)
{
	return (f->part[part].n + KEEP_PIECE - 1) / KEEP_PIECE;
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

bool
keep_file_piece(const struct keep_file *f, enum keep_part part, size_t i,
    bool (*look)(void *arg, const void *p, size_t n), void *arg,
    uint64_t *sum)
{
	uint64_t used = f->part[part].n - i * KEEP_PIECE;
	uint64_t left = least(whole_pages(used), KEEP_PIECE);
	uint64_t at = keep_file_at(f, part) + i * KEEP_PIECE;
	char *room = mem_array(least(left, BUFFER), 1);
	struct keep_sum s;
	bool fine = true;

	keep_sum_init(&s);
	while (fine && left) {
		size_t n = (size_t)least(left, BUFFER);
		size_t shown = (size_t)least(used, n);

		fine = file_read(f->fd, "", room, n, at, NULL, NULL) ==
		    (ssize_t)n && (!look || !shown || look(arg, room, shown)) &&
		    is_zero(room + shown, n - shown);
		keep_sum_add(&s, room, n);
		at += n;
		left -= n;
		used -= shown;
	}
	free(room);
	*sum = keep_sum_end(&s);
	return fine;
}

bool
keep_file_is_whole(const struct keep_file *f, enum keep_part part,
    const uint64_t *sums)
{
	const struct head *h = (const struct head *)(const void *)f->map;
	size_t n = keep_file_pieces(f, part);
	uint64_t sum = n ? sums[0] : keep_sum_of("", 0);

	for (size_t i = 1; i < n; i++)
		sum = keep_sum_join(sum, sums[i]);
	return sum == h->part[part].sum;
}

uint64_t
keep_file_at(const struct keep_file *f, enum keep_part part)
{
	return (uint64_t)(f->part[part].p - f->map);
}

void
keep_file_close(struct keep_file *f)
{
	close(f->fd);
	f->fd = -1;
}

void
keep_file_unmap(const char *map, size_t size)
{
	if (map)
		munmap((void *)(uintptr_t)map, size);
}

uint64_t
keep_file_overhead(void)
{
	return (KEEP_PARTS + 1) * page_size();
}

/* --- writing ---------------------------------------------------------------- */

struct keep_writer {
	int fd;
	int error;               /* errno of the first failure */
	char *path, *part_path;
	struct head head;
	struct part_head *part;  /* in hand, or NULL */
	struct keep_sum sum;     /* of the piece in hand */
	size_t pieces;           /* of the part that are done */
	uint64_t at;             /* where the buffer goes */
	size_t used;
	char buffer[BUFFER];
};

struct keep_writer *
keep_writer_new(const char *path, struct err *err)
{
	struct keep_writer *w = mem_alloc(sizeof *w);
	struct buf name = { 0 };

	buf_addf(&name, "%s%s.XXXXXX", path, KEEP_UNFINISHED);
	buf_add_char(&name, '\0');
	w->part_path = name.p;
	w->path = mem_strdup(path);
	/* With the mode 0600, and nobody else's. */
	w->fd = mkstemp(w->part_path);
	if (w->fd < 0) {
		err_set(err, "%s: %s", path, strerror(errno));
		w->part_path[0] = '\0';
		keep_writer_drop(w);
		return NULL;
	}
	fcntl(w->fd, F_SETFD, FD_CLOEXEC);
	w->at = whole_pages(sizeof w->head);
	return w;
}

static void
write_at(struct keep_writer *w, const void *p, size_t n, uint64_t at)
{
	const char *from = p;

	while (n && !w->error) {
		ssize_t k = pwrite(w->fd, from, n, (off_t)at);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			w->error = k < 0 ? errno : ENOSPC;
			break;
		}
		from += k;
		at += (uint64_t)k;
		n -= (size_t)k;
	}
}

static void
end_piece(struct keep_writer *w)
{
	uint64_t sum = keep_sum_end(&w->sum);

	w->part->sum = w->pieces ? keep_sum_join(w->part->sum, sum) : sum;
	w->pieces++;
	keep_sum_init(&w->sum);
}

/* A piece is so many buffers. */
static void
flush(struct keep_writer *w)
{
	keep_sum_add(&w->sum, w->buffer, w->used);
	if (w->sum.n == KEEP_PIECE)
		end_piece(w);
	write_at(w, w->buffer, w->used, w->at);
	w->at += w->used;
	w->used = 0;
}

static void
end_part(struct keep_writer *w)
{
	size_t pad;

	if (!w->part)
		return;
	w->part->bytes = w->at + w->used - w->part->at;
	pad = (size_t)(whole_pages(w->part->bytes) - w->part->bytes);
	for (; pad; pad--)
		keep_writer_put(w, "", 1);
	flush(w);
	if (w->sum.n || !w->pieces)
		end_piece(w);
	w->part = NULL;
}

void
keep_writer_begin(struct keep_writer *w, enum keep_part part)
{
	end_part(w);
	w->part = &w->head.part[part];
	w->part->at = w->at;
	w->pieces = 0;
	keep_sum_init(&w->sum);
}

void
keep_writer_put(struct keep_writer *w, const void *p, size_t n)
{
	const char *from = p;

	while (n) {
		size_t k = BUFFER - w->used < n ? BUFFER - w->used : n;

		memcpy(w->buffer + w->used, from, k);
		w->used += k;
		from += k;
		n -= k;
		if (w->used == BUFFER)
			flush(w);
	}
}

static void
finish_head(struct keep_writer *w, uint64_t fits)
{
	struct head h = begin_head(fits);

	memcpy(h.part, w->head.part, sizeof h.part);
	for (int i = 0; i < KEEP_PARTS; i++)
		if (!h.part[i].at) {
			h.part[i].at = w->at;
			h.part[i].sum = keep_sum_of("", 0);
		}
	h.size = w->at;
	h.sum = keep_sum_of(&h, offsetof(struct head, sum));
	write_at(w, &h, sizeof h, 0);
}

int
keep_writer_end(struct keep_writer *w, uint64_t fits, struct err *err)
{
	end_part(w);
	finish_head(w, fits);
	if (!w->error && (close(w->fd) < 0 ||
	    rename(w->part_path, w->path) < 0))
		w->error = errno;
	else if (w->error)
		close(w->fd);
	w->fd = -1;
	if (w->error) {
		err_set(err, "%s: %s", w->path, strerror(w->error));
		keep_writer_drop(w);
		return -1;
	}
	w->part_path[0] = '\0';
	keep_writer_drop(w);
	return 0;
}

void
keep_writer_drop(struct keep_writer *w)
{
	if (w->fd >= 0)
		close(w->fd);
	if (w->part_path[0])
		unlink(w->part_path);
	free(w->part_path);
	free(w->path);
	free(w);
}
