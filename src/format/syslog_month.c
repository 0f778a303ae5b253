/*
 * Short names of months, as C libraries write them (strftime's %b) in the
 * languages whose logs are met.  A name means the same month in all of them.
 */
#include "config.h"

#include "format/syslog_stamp.h"

struct month_name {
	const char *name;
	unsigned month;
};

/* None is longer. */
#define NAME_MAX_BYTES 8

/* Without the dot that some write; ASCII in lower case. */
static const struct month_name names[] = {
	{ "jan", 1 }, { "feb", 2 }, { "mar", 3 }, { "apr", 4 }, { "may", 5 },
	{ "jun", 6 }, { "jul", 7 }, { "aug", 8 }, { "sep", 9 }, { "oct", 10 },
	{ "nov", 11 }, { "dec", 12 },
	/* German */
	{ "mär", 3 }, { "mrz", 3 }, { "mai", 5 }, { "okt", 10 }, { "dez", 12 },
	{ "jän", 1 },
	/* French */
	{ "janv", 1 }, { "févr", 2 }, { "fév", 2 }, { "mars", 3 },
	{ "avril", 4 }, { "avr", 4 }, { "juin", 6 }, { "juil", 7 },
	{ "août", 8 }, { "aoû", 8 }, { "sept", 9 }, { "déc", 12 },
	/* Spanish, Portuguese, Italian */
	{ "ene", 1 }, { "abr", 4 }, { "ago", 8 }, { "dic", 12 },
	{ "fev", 2 }, { "set", 9 }, { "out", 10 }, { "gen", 1 }, { "mag", 5 },
	{ "giu", 6 }, { "lug", 7 }, { "ott", 10 },
	/* Dutch, Swedish, Danish */
	{ "mrt", 3 }, { "mei", 5 }, { "maj", 5 },
	/* Polish, Czech */
	{ "sty", 1 }, { "lut", 2 }, { "kwi", 4 }, { "cze", 6 }, { "lip", 7 },
	{ "sie", 8 }, { "wrz", 9 }, { "paź", 10 }, { "lis", 11 }, { "gru", 12 },
	{ "led", 1 }, { "úno", 2 }, { "bře", 3 }, { "dub", 4 }, { "kvě", 5 },
	{ "čen", 6 }, { "čec", 7 }, { "srp", 8 }, { "zář", 9 }, { "říj", 10 },
	{ "pro", 12 },
	/* Turkish, Hungarian */
	{ "oca", 1 }, { "şub", 2 }, { "nis", 4 }, { "haz", 6 }, { "tem", 7 },
	{ "ağu", 8 }, { "eyl", 9 }, { "eki", 10 }, { "kas", 11 }, { "ara", 12 },
	{ "febr", 2 }, { "márc", 3 }, { "ápr", 4 }, { "máj", 5 }, { "jún", 6 },
	{ "júl", 7 }, { "szept", 9 },
	/* Russian, Ukrainian, Bulgarian */
	{ "янв", 1 }, { "фев", 2 }, { "мар", 3 }, { "апр", 4 }, { "май", 5 },
	{ "мая", 5 }, { "июн", 6 }, { "июл", 7 }, { "авг", 8 }, { "сен", 9 },
	{ "окт", 10 }, { "ноя", 11 }, { "дек", 12 },
	{ "Янв", 1 }, { "Фев", 2 }, { "Мар", 3 }, { "Апр", 4 }, { "Май", 5 },
	{ "Июн", 6 }, { "Июл", 7 }, { "Авг", 8 }, { "Сен", 9 }, { "Окт", 10 },
	{ "Ноя", 11 }, { "Дек", 12 },
	{ "січ", 1 }, { "лют", 2 }, { "бер", 3 }, { "кві", 4 }, { "тра", 5 },
	{ "чер", 6 }, { "лип", 7 }, { "сер", 8 }, { "вер", 9 }, { "жов", 10 },
	{ "лис", 11 }, { "гру", 12 },
	/* Greek */
	{ "Ιαν", 1 }, { "Φεβ", 2 }, { "Μαρ", 3 }, { "Μάρ", 3 }, { "Απρ", 4 },
	{ "Μαΐ", 5 }, { "Μάι", 5 }, { "Ιουν", 6 }, { "Ιούν", 6 },
	{ "Ιουλ", 7 }, { "Ιούλ", 7 }, { "Αυγ", 8 }, { "Αύγ", 8 },
	{ "Σεπ", 9 }, { "Οκτ", 10 }, { "Νοε", 11 }, { "Νοέ", 11 },
	{ "Δεκ", 12 },
};

/* 1 to 12 and the sign of the month, as in Chinese and Japanese. */
static unsigned
numbered_month(struct slice name)
{
	static const struct slice sign[] = { SLICE("月"), SLICE("월") };
	unsigned v = 0;
	size_t n = 0;

	while (n < 2 && n < name.n && ascii_is_digit((unsigned char)name.p[n]))
		v = v * 10 + (unsigned)(name.p[n++] - '0');
	name = slice_from(name, n);
	for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
		if (slice_eq(name, sign[i]))
			return v <= 12 ? v : 0;
	return 0;
}

unsigned
syslog_month(struct slice name)
{
	if (name.n && name.p[name.n - 1] == '.')
		name.n--;
	if (name.n < 3 || name.n > NAME_MAX_BYTES)
		return 0;
	/* The first bytes differ more often than not. */
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (((names[i].name[0] ^ name.p[0]) & ~0x20) == 0 &&
		    slice_case_eq(name, slice_of(names[i].name)))
			return names[i].month;
	return numbered_month(name);
}
