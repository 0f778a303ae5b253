/*
 * Accounts of commands.  A lock is held for no longer than a copy.
 */
#include "config.h"

#include "input/account.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Not told yet; who says more is not heard. */
#define NOTES_MAX 32

struct account {
	char *name;
	pthread_mutex_t lock;
	/* Under the lock. */
	unsigned starts;
	bool running, trouble;
	struct err last;
	struct err note[NOTES_MAX];
	size_t first, n;
};

struct account *
account_new(const char *name)
{
	struct account *a = mem_alloc(sizeof *a);

	a->name = mem_strdup(name);
	pthread_mutex_init(&a->lock, NULL);
	return a;
}

void
account_free(struct account *a)
{
	if (!a)
		return;
	pthread_mutex_destroy(&a->lock);
	free(a->name);
	free(a);
}

void
account_started(struct account *a)
{
	pthread_mutex_lock(&a->lock);
	a->starts++;
	a->running = true;
	pthread_mutex_unlock(&a->lock);
}

void
account_ended(struct account *a, const char *words)
{
	pthread_mutex_lock(&a->lock);
	a->running = false;
	err_set(&a->last, "%s", words);
	pthread_mutex_unlock(&a->lock);
}

void
account_note(struct account *a, const char *words, bool trouble)
{
	pthread_mutex_lock(&a->lock);
	a->trouble = a->trouble || trouble;
	if (a->n < NOTES_MAX)
		err_set(&a->note[(a->first + a->n++) % NOTES_MAX], "%s", words);
	pthread_mutex_unlock(&a->lock);
}

bool
account_next(struct account *a, struct err *note)
{
	bool any;

	pthread_mutex_lock(&a->lock);
	any = a->n > 0;
	if (any) {
		*note = a->note[a->first];
		a->first = (a->first + 1) % NOTES_MAX;
		a->n--;
	}
	pthread_mutex_unlock(&a->lock);
	return any;
}

bool
account_has_note(struct account *a)
{
	bool any;

	pthread_mutex_lock(&a->lock);
	any = a->n > 0;
	pthread_mutex_unlock(&a->lock);
	return any;
}

bool
account_went_wrong(struct account *a)
{
	bool trouble;

	pthread_mutex_lock(&a->lock);
	trouble = a->trouble;
	pthread_mutex_unlock(&a->lock);
	return trouble;
}

void
account_words(struct account *a, struct err *words)
{
	pthread_mutex_lock(&a->lock);
	err_set(words, "%.100s: %.340s", a->name, a->running ? "runs" :
	    a->last.text[0] ? a->last.text : "was not started");
	if (a->starts > 1) {
		struct err once = *words;

		err_set(words, "%.460s, started %u times", once.text,
		    a->starts);
	}
	pthread_mutex_unlock(&a->lock);
}
