/*
 * Sorting many entries.  See order_pack.h.
 *
 * A million entries are 16 MB: to move them by each digit of their keys would
 * take most of the time.  Most keys differ in some twenty bits, so that a word
 * of eight bytes holds those and the number, and its order is the order of the
 * entries.  Words go to and fro between memory of their own and that of the
 * entries, which is free once they are packed: to be given fresh memory takes
 * longer than to move them.
 */
#include "config.h"

#include "query/order_pack.h"

#include <stdlib.h>

#include "base/mem.h"
#include "query/worker.h"

#define DIGIT_BITS 11
#define DIGIT_MASK ((1u << DIGIT_BITS) - 1)
#define PASSES_MAX ((64 + DIGIT_BITS - 1) / DIGIT_BITS)
/* Keys that differ in more places than that are not worth it. */
#define RUNS_MAX 12
/* Below this many entries another thread costs more than it saves. */
#define THREADS_MIN 16384
/* Words that a merge looks ahead, past what either half has. */
#define AHEAD 12
/* Texts are kept by number: of so many numbers one may be an entry. */
#define SPARSE 8

/* Bits of a key that lie side by side and differ; where they are packed. */
struct run {
	unsigned from, to;
	uint64_t mask;           /* of so many bits */
};

struct pack {
	uint64_t same;           /* the bits that all keys share */
	struct run runs[RUNS_MAX];
	unsigned nruns;
	unsigned code_bits;      /* of the keys, packed */
	unsigned low_bits;       /* below them: of the number */
	uint32_t first;          /* number; what is packed counts from it */
	uint64_t numbers;        /* how many from there to the last */
	uint32_t *texts;         /* by number; NULL: all have none */
	struct order_entry *e;
	size_t n;
};

/* What one thread does. */
struct half {
	struct pack *pack;
	size_t from, n;          /* of the entries */
	bool backwards;          /* merges from the end */
	const struct half *other;
	uint64_t *own;           /* room for n words and a stop behind them */
	uint64_t *words, *room;  /* where they are, and where they can go */
	/* What a look at its entries tells. */
	uint64_t any, all;       /* of the keys: or, and */
	bool has_text, ascends, is_sorted;
	uint32_t count[PASSES_MAX][DIGIT_MASK + 1];
};

/* --- a first look ----------------------------------------------------------- */

/* The last entry of the half before it is looked at, too. */
static void *
survey(void *arg)
{
	struct half *h = arg;
	const struct order_entry *e = h->pack->e + h->from;
	const struct order_entry *before = h->from ? e - 1 : e;
	uint64_t any = 0, all = UINT64_MAX;
	uint32_t text = 0;
	bool ascends = true, is_sorted = true;

	for (size_t i = 0; i < h->n; before = &e[i++]) {
		any |= e[i].key;
		all &= e[i].key;
		text |= e[i].text;
		ascends &= before->number < e[i].number || before == &e[i];
		is_sorted &= before->key <= e[i].key;
	}
	h->any = any;
	h->all = all;
	h->has_text = text != 0;
	h->ascends = ascends;
	h->is_sorted = is_sorted;
	return NULL;
}

static unsigned
bits_of(uint64_t v)
{
	return v ? 64 - (unsigned)__builtin_clzll(v) : 0;
}

static void
add_run(struct pack *p, unsigned from, unsigned bits)
{
	p->runs[p->nruns++] = (struct run){ .from = from, .to = p->code_bits,
	    .mask = bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX };
	p->code_bits += bits;
}

/* False when what differs does not fit `room` bits. */
static bool
find_runs(struct pack *p, uint64_t differ, unsigned room)
{
	unsigned low = differ ? (unsigned)__builtin_ctzll(differ) : 0;

	if (differ && bits_of(differ) - low <= room) {
		add_run(p, low, bits_of(differ) - low);
		return true;
	}
	while (differ && p->nruns < RUNS_MAX) {
		unsigned from = (unsigned)__builtin_ctzll(differ);
		uint64_t rest = ~(differ >> from);
		unsigned bits = rest ? (unsigned)__builtin_ctzll(rest) : 64;

		add_run(p, from, bits);
		differ &= ~(p->runs[p->nruns - 1].mask << from);
	}
	return !differ && p->code_bits <= room;
}

static bool
plan(struct pack *p, const struct half *h)
{
	uint64_t any = h[0].any | h[1].any, all = h[0].all & h[1].all;

	if (!h[0].ascends || !h[1].ascends)
		return false;
	p->same = all;
	p->first = p->e[0].number;
	p->numbers = (uint64_t)p->e[p->n - 1].number - p->first + 1;
	p->low_bits = bits_of(p->numbers - 1);
	if (!find_runs(p, any ^ all, 64 - p->low_bits))
		return false;
	if (!h[0].has_text && !h[1].has_text)
		return true;
	if (p->numbers > (uint64_t)p->n * SPARSE)
		return false;
	p->texts = mem_table((size_t)p->numbers, sizeof *p->texts);
	return true;
}

/* --- words ------------------------------------------------------------------ */

static uint64_t
squeeze(const struct pack *p, uint64_t key)
{
	uint64_t code = 0;

	for (unsigned i = 0; i < p->nruns; i++)
		code |= (key >> p->runs[i].from & p->runs[i].mask) <<
		    p->runs[i].to;
	return code;
}

static uint64_t
spread(const struct pack *p, uint64_t code)
{
	uint64_t key = p->same;

	for (unsigned i = 0; i < p->nruns; i++)
		key |= (code >> p->runs[i].to & p->runs[i].mask) <<
		    p->runs[i].from;
	return key;
}

static unsigned
passes_of(const struct pack *p)
{
	return (p->code_bits + DIGIT_BITS - 1) / DIGIT_BITS;
}

/* To h->words, which may be where the entries are: of each the front half. */
static void
pack_words(struct half *h)
{
	const struct pack *p = h->pack;
	const struct order_entry *e = p->e + h->from;
	unsigned passes = passes_of(p);
	uint64_t last = p->same, code = squeeze(p, last);

	memset(h->count, 0, passes * sizeof h->count[0]);
	for (size_t i = 0; i < h->n; i++) {
		struct order_entry x = e[i];
		uint32_t low = x.number - p->first;
		uint64_t word;

		if (x.key != last)
			code = squeeze(p, last = x.key);
		word = code << p->low_bits | low;
		memcpy((char *)h->words + i * sizeof word, &word, sizeof word);
		for (unsigned k = 0; k < passes; k++)
			h->count[k][code >> k * DIGIT_BITS & DIGIT_MASK]++;
		if (p->texts)
			p->texts[low] = x.text;
	}
}

/* From h->words to h->room, by one digit. */
static void
scatter(struct half *h, uint32_t *count, unsigned shift)
{
	uint64_t *to = h->room;
	uint32_t sum = 0;

	for (unsigned d = 0; d <= DIGIT_MASK; d++) {
		uint32_t n = count[d];

		count[d] = sum;
		sum += n;
	}
	for (size_t i = 0; i < h->n; i++) {
		uint64_t w = h->words[i];

		to[count[w >> shift & DIGIT_MASK]++] = w;
	}
	h->room = h->words;
	h->words = to;
}

static void *
sort_words(void *arg)
{
	struct half *h = arg;
	const struct pack *p = h->pack;
	uint64_t *entries = (uint64_t *)(p->e + h->from);
	bool odd = passes_of(p) % 2;

	/* So that they end in their own. */
	h->words = odd ? entries : h->own;
	h->room = odd ? h->own : entries;
	pack_words(h);
	for (unsigned k = 0; k < passes_of(p); k++) {
		unsigned shift = p->low_bits + k * DIGIT_BITS;
		uint32_t *count = h->count[k];

		/* All may have the same digit here. */
		if (count[h->words[0] >> shift & DIGIT_MASK] != h->n)
			scatter(h, count, shift);
	}
	if (h->words != h->own)
		memcpy(h->own, h->words, h->n * sizeof *h->own);
	/* Behind its last word a merge may look once more. */
	h->own[h->n] = UINT64_MAX;
	return NULL;
}

/* --- back to entries -------------------------------------------------------- */

/* The key of the word before; the next one often has the same. */
struct unpacked {
	uint64_t code, key;
};

static inline struct order_entry
unpack(const struct pack *p, uint64_t word, struct unpacked *last)
{
	uint32_t low = (uint32_t)(word & ((UINT64_C(1) << p->low_bits) - 1));

	if (word >> p->low_bits != last->code) {
		last->code = word >> p->low_bits;
		last->key = spread(p, last->code);
	}
	return (struct order_entry){ .key = last->key,
	    .number = p->first + low, .text = p->texts ? p->texts[low] : 0 };
}

/* Asks for the text that a word a little further on will want. */
static inline void
fetch_text(const struct pack *p, const uint64_t *word)
{
	if (p->texts)
		__builtin_prefetch(&p->texts[*word &
		    ((UINT64_C(1) << p->low_bits) - 1)]);
}

/* The first of all, as many as the first half has and one more if n is odd. */
static void
merge_forwards(const struct pack *p, const uint64_t *a, const uint64_t *b)
{
	struct unpacked last = { 0, p->same };
	size_t n = p->n - p->n / 2;

	for (size_t k = 0; k < n; k++) {
		bool second = *b < *a;
		uint64_t w = second ? *b : *a;

		a += !second;
		b += second;
		fetch_text(p, (second ? b : a) + AHEAD);
		p->e[k] = unpack(p, w, &last);
	}
}

/* The last of all; a and b are the ends of the halves. */
static void
merge_backwards(const struct pack *p, const uint64_t *a, const uint64_t *b)
{
	struct unpacked last = { 0, p->same };
	size_t n = p->n / 2;

	for (size_t k = p->n; n > 0; n--) {
		bool second = b[-1] > a[-1];
		uint64_t w = second ? b[-1] : a[-1];

		a -= !second;
		b -= second;
		fetch_text(p, (second ? b : a) - AHEAD);
		p->e[--k] = unpack(p, w, &last);
	}
}

static void *
merge(void *arg)
{
	const struct half *h = arg;

	if (h->backwards)
		merge_backwards(h->pack, h->other->own + h->other->n,
		    h->own + h->n);
	else
		merge_forwards(h->pack, h->own, h->other->own);
	return NULL;
}

static void
both(const struct pack *p, void *(*run)(void *), struct half *h)
{
	if (p->n >= THREADS_MIN) {
		worker_both(run, &h[0], &h[1]);
		return;
	}
	run(&h[0]);
	run(&h[1]);
}

static void
sort_halves(struct pack *p, struct half *h)
{
	size_t all = p->n + 2 + 2 * AHEAD;
	uint64_t *room = mem_table(all, sizeof *room);

	h[0].own = room + AHEAD;
	h[1].own = h[0].own + h[0].n + 1;
	both(p, sort_words, h);
	both(p, merge, h);
	mem_table_free(room, all, sizeof *room);
}

enum order_packed
order_pack_sort(struct order_entry *e, size_t n)
{
	struct pack p = { .e = e, .n = n };
	enum order_packed result = PACKED_NOT;
	struct half *h;

	if (n < 4)
		return PACKED_NOT;
	h = mem_array(2, sizeof *h);
	h[0].pack = h[1].pack = &p;
	h[0].n = n / 2;
	h[1].from = n / 2;
	h[1].n = n - n / 2;
	h[1].backwards = true;
	h[0].other = &h[1];
	h[1].other = &h[0];
	both(&p, survey, h);
	if (plan(&p, h)) {
		result = p.texts ? PACKED_BY_KEY : PACKED_DONE;
		if (!h[0].is_sorted || !h[1].is_sorted)
			sort_halves(&p, h);
		if (p.texts)
			mem_table_free(p.texts, (size_t)p.numbers,
			    sizeof *p.texts);
	}
	free(h);
	return result;
}
