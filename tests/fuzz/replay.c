/*
 * Runs a fuzz target over the files named, and over those in folders named,
 * and over some changed copies of each: bytes flipped, cut short, doubled.
 * What is changed is settled by the file alone, so a failure can be repeated.
 */
#include "config.h"

#include "fuzz.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CHANGED_COPIES 60
#define SIZE_MOST (4u << 20)

static unsigned long files;

static uint32_t
next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

/* The target gets memory of just the right size, for the sanitizers. */
static void
feed(const uint8_t *data, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	if (!copy)
		abort();
	if (n)
		memcpy(copy, data, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void
feed_changed(const uint8_t *data, size_t n, uint64_t *state)
{
	static const uint8_t nasty[] = { 0, '\n', '\r', '"', ',', ' ', '-',
		'5', '4', '3', '2', '0', '.', '<', '>', '*', '(', 0x1b, 0x80,
		0xff };
	size_t size = 2 * n, from, len;
	uint8_t *copy = malloc(size);

	if (!copy)
		abort();
	memcpy(copy, data, n);
	for (uint32_t i = 1 + next(state) % 8; i > 0; i--)
		copy[next(state) % n] = nasty[next(state) % sizeof nasty];
	switch (next(state) % 4) {
	case 0:                          /* cut short */
		n = next(state) % n;
		break;
	case 1:                          /* a part of it again */
		from = next(state) % n;
		len = next(state) % (n - from);
		memmove(copy + from + len, copy + from, n - from);
		n += len;
		break;
	default:
		break;
	}
	feed(copy, n);
	free(copy);
}

static void
replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(SIZE_MOST);
	uint64_t state;
	size_t n;

	if (!f || !data) {
		fprintf(stderr, "replay: %s cannot be read\n", path);
		exit(2);
	}
	n = fread(data, 1, SIZE_MOST, f);
	fclose(f);
	feed(data, n);
	state = n;
	for (size_t i = 0; i < n; i++)
		state = state * 31 + data[i];
	for (int i = 0; n && i < CHANGED_COPIES; i++)
		feed_changed(data, n, &state);
	free(data);
	files++;
}

static void
replay(const char *path)
{
	struct stat st;
	struct dirent *e;
	char inner[4096];
	DIR *d;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		replay_file(path);
		return;
	}
	d = opendir(path);
	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
		replay(inner);
	}
	if (d)
		closedir(d);
}

int
main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%lu files replayed\n", files);
	return files ? 0 : 1;
}
