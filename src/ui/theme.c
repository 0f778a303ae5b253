/*
 * The theme: one table of styles, and what the configuration makes of it.
 * It knows no terminal; colours are numbers.
 */
#include "config.h"

#include "ui/theme.h"

#include <stdlib.h>

#include "base/slice.h"
#include "smtp/reply.h"

struct style_row {
	const char *name;
	char letter;
	const char *colour, *mono;
};

static const struct style_row style_rows[STYLE_COUNT] = {
#define S(id, name, letter, colour, mono, help) \
	[STYLE_##id] = { name, letter, colour, mono },
	STYLES(S)
#undef S
};

static const char *const colour_names[] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
};

static const struct {
	const char *name;
	unsigned attribute;
} attribute_names[] = {
	{ "bold", LOOK_BOLD },
	{ "underline", LOOK_UNDERLINE },
	{ "reverse", LOOK_REVERSE },
	{ "dim", LOOK_DIM },
	{ "plain", 0 },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static bool
colour_by_name(struct slice word, short *colour)
{
	uint64_t number;

	if (slice_case_eq(word, SLICE("default"))) {
		*colour = -1;
		return true;
	}
	for (size_t i = 0; i < COUNT(colour_names); i++)
		if (slice_case_eq(word, slice_of(colour_names[i]))) {
			*colour = (short)i;
			return true;
		}
	if (!slice_to_u64(word, &number) || number > 255)
		return false;
	*colour = (short)number;
	return true;
}

static bool
attribute_by_name(struct slice word, unsigned *attributes)
{
	for (size_t i = 0; i < COUNT(attribute_names); i++)
		if (slice_case_eq(word, slice_of(attribute_names[i].name))) {
			*attributes |= attribute_names[i].attribute;
			return true;
		}
	return false;
}

/* 0; or -1 with *wrong the word that is neither colour nor attribute. */
static int
look_parse(struct slice text, bool colour, struct look *look,
    struct slice *wrong)
{
	struct slice word;
	short number;
	int colours = 0;

	*look = (struct look){ .fore = -1, .back = -1 };
	while (slice_cut(&text, ' ', &word)) {
		word = slice_trim(word);
		if (word.n == 0 || attribute_by_name(word, &look->attributes))
			continue;
		*wrong = word;
		if (!colour_by_name(word, &number) || colours == 2)
			return -1;
		if (colour && colours == 0)
			look->fore = number;
		else if (colour)
			look->back = number;
		colours++;
	}
	return 0;
}

static int
theme_set(struct theme *t, const struct options *o, const struct setting *s,
    struct err *err)
{
	struct slice wrong;

	for (int i = 0; i < STYLE_COUNT; i++) {
		if (!slice_case_eq(slice_of(s->key),
		    slice_of(style_rows[i].name)))
			continue;
		if (look_parse(slice_of(s->value), t->colour, &t->looks[i],
		    &wrong) == 0)
			return 0;
		return err_set(err, "%s:%d: '%.*s' is neither a colour nor "
		    "bold, underline, reverse, dim or plain",
		    o->config_path ? o->config_path : "configuration",
		    s->line, SLICE_ARGS(slice_head(wrong, 40)));
	}
	return err_set(err, "%s:%d: there is no style '%.40s'",
	    o->config_path ? o->config_path : "configuration", s->line,
	    s->key);
}

int
theme_init(struct theme *t, bool colour, const struct options *o,
    struct err *err)
{
	struct slice wrong;

	t->colour = colour;
	for (int i = 0; i < STYLE_COUNT; i++)
		look_parse(slice_of(colour ? style_rows[i].colour :
		    style_rows[i].mono), colour, &t->looks[i], &wrong);
	for (size_t i = 0; o && i < o->nsettings; i++) {
		const struct setting *s = &o->settings[i];

		if (!slice_case_eq(slice_of(s->section), SLICE("colours")) &&
		    !slice_case_eq(slice_of(s->section), SLICE("colors")))
			continue;
		if (theme_set(t, o, s, err) < 0)
			return -1;
	}
	return 0;
}

bool
theme_wants_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return !no || !*no;
}

char
style_letter(unsigned style)
{
	return style < STYLE_COUNT ? style_rows[style].letter : '?';
}

enum style
style_of_code(unsigned code)
{
	static const enum style by_class[] = {
		[2] = STYLE_FINE, [3] = STYLE_GOON,
		[4] = STYLE_TEMPORARY, [5] = STYLE_PERMANENT,
	};
	unsigned class = reply_class(code);

	return class >= 2 && class <= 5 ? by_class[class] : STYLE_NORMAL;
}
