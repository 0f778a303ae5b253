/*
 * Finding libarchive: by the name that the linker found it under when this
 * ehlog was built.  Where that told no name it is linked like any other.
 */
#include "config.h"

#include "input/libarchive.h"

#ifdef HAVE_LIBARCHIVE

#ifdef LIBARCHIVE_SONAME

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/*
 * What is told of it in the file itself, for those who make packages: JSON in
 * a note, as https://systemd.io/ELF_DLOPEN_METADATA/ has it.
 */
#ifdef __ELF__
__asm__(".pushsection .note.dlopen,\"a\",%note\n"
    "\t.balign 4\n"
    "\t.long 2f-1f, 4f-3f, 0x407c0c0a\n"
    "1:\t.asciz \"FDO\"\n"
    "2:\t.balign 4\n"
    "3:\t.asciz \"[{\\\"feature\\\":\\\"archive\\\",\\\"description\\\":"
    "\\\"compressed logs and archives\\\",\\\"priority\\\":\\\"recommended\\\","
    "\\\"soname\\\":[\\\"" LIBARCHIVE_SONAME "\\\"]}]\"\n"
    "4:\t.balign 4\n"
    "\t.popsection\n");
#endif

/* Written once, by load(); whoever reads it has passed pthread_once(). */
static struct {
	pthread_once_t once;
	struct libarchive functions;
	struct err why;
} loaded = { .once = PTHREAD_ONCE_INIT };

/* A function's place in the table and its name. */
struct function {
	size_t at;
	const char *name;
};

static const struct function wanted[] = {
#define F(name) { offsetof(struct libarchive, name), #name },
	LIBARCHIVE_FUNCTIONS(F)
#undef F
};

static void
load(void)
{
	void *library = dlopen(LIBARCHIVE_SONAME, RTLD_NOW | RTLD_LOCAL);
	size_t i = 0, n = library ? sizeof wanted / sizeof *wanted : 0;
	const char *words;

	for (; i < n; i++) {
		void *f = dlsym(library, wanted[i].name);

		if (!f)
			break;
		/* POSIX lets a function's place be one of data. */
		memcpy((char *)&loaded.functions + wanted[i].at, &f, sizeof f);
	}
	if (library && i == n)
		return;
	words = dlerror();
	err_set(&loaded.why, "libarchive cannot be loaded: %.200s",
	    words ? words : LIBARCHIVE_SONAME);
}

const struct libarchive *
libarchive_get(struct err *err)
{
	pthread_once(&loaded.once, load);
	if (!loaded.why.text[0])
		return &loaded.functions;
	*err = loaded.why;
	return NULL;
}

#else

const struct libarchive *
libarchive_get(struct err *err)
{
	static const struct libarchive linked = {
#define F(name) .name = name,
		LIBARCHIVE_FUNCTIONS(F)
#undef F
	};

	(void)err;
	return &linked;
}

#endif

#endif
