/*
 * Whose clock shows what: zones and skews, of all sources or of some, from the
 * command line and from the configuration.
 *
 * It knows what was said of which source.  What becomes of a time is for those
 * who read logs.
 */
#include "config.h"

#include "config/options.h"

#include <stdlib.h>

/* A clock that is further off tells nothing. */
#define SKEW_MAX INT64_C(3155760000000)

/* --- what is said ---------------------------------------------------------------- */

static int
read_zone(struct zone *z, const char *what, const char *value, struct err *err)
{
	struct err why;

	if (zone_parse(z, value, &why) == 0)
		return 0;
	return err_set(err, "%.60s: %s", what, why.text);
}

static int
read_skew(int64_t *ms, const char *what, const char *value, struct err *err)
{
	struct err why;

	if (clock_parse_shift(slice_of(value), ms, &why) < 0)
		return err_set(err, "%.60s: %s", what, why.text);
	if (*ms > SKEW_MAX || *ms < -SKEW_MAX)
		return err_set(err, "%.60s: '%.60s' is more than a hundred "
		    "years", what, value);
	return 0;
}

int
options_set_zone(struct options *o, const char *value, struct err *err)
{
	struct zone z;

	if (read_zone(&z, "--tz", value, err) < 0)
		return -1;
	/* Of the file there is one for all: the last. */
	if (o->from_file[OPTION_TZ] && o->nzones)
		zone_free(&o->zones[--o->nzones]);
	mem_reserve(&o->zones, &o->zones_cap, o->nzones + 1,
	    sizeof *o->zones);
	o->zones[o->nzones++] = z;
	if (o->from_file[OPTION_TZ])
		return 0;
	o->next.zone = o->nzones;
	o->zone_is_idle = true;
	return 0;
}

int
options_set_display(struct options *o, const char *value, struct err *err)
{
	zone_free(&o->display);
	return read_zone(&o->display, "--display-tz", value, err);
}

int
options_set_skew(struct options *o, const char *value, struct err *err)
{
	if (o->skew_is_idle)
		return err_set(err, "--skew=%.60s is of nothing: it stands "
		    "before the files and commands whose clock is wrong",
		    o->value[OPTION_SKEW]);
	if (read_skew(&o->next.skew, "--skew", value, err) < 0)
		return -1;
	o->next.skewed = true;
	o->skew_is_idle = o->next.skew != 0;
	return 0;
}

/* --- hosts ----------------------------------------------------------------------- */

static struct option_host *
find_host(const struct options *o, const char *name)
{
	for (size_t i = 0; name && i < o->nhosts; i++)
		if (slice_case_eq(slice_of(o->hosts[i].name), slice_of(name)))
			return &o->hosts[i];
	return NULL;
}

static struct option_host *
take_host(struct options *o, const char *name)
{
	struct option_host *h = find_host(o, name);

	if (h)
		return h;
	mem_reserve(&o->hosts, &o->hosts_cap, o->nhosts + 1,
	    sizeof *o->hosts);
	h = &o->hosts[o->nhosts++];
	*h = (struct option_host){ .name = name };
	return h;
}

int
options_set_host_zone(struct options *o, const char *host, const char *value,
    struct err *err)
{
	struct option_host *h = take_host(o, host);

	zone_free(&h->zone);
	return read_zone(&h->zone, host, value, err);
}

int
options_set_host_skew(struct options *o, const char *host, const char *value,
    struct err *err)
{
	struct option_host *h = take_host(o, host);

	h->skewed = true;
	return read_skew(&h->skew, host, value, err);
}

/* --- what holds ------------------------------------------------------------------ */

/*
 * The first --tz is also of what stands before it, so that one alone is of all,
 * wherever it stands.
 */
static const struct zone *
zone_of(const struct options *o, const struct option_source *source,
    const struct option_host *h)
{
	static const struct zone none = { .kind = ZONE_NONE };

	if (o->nzones && !o->from_file[OPTION_TZ])
		return &o->zones[source->zone ? source->zone - 1 : 0];
	if (h && h->zone.kind != ZONE_NONE)
		return &h->zone;
	return o->nzones ? &o->zones[0] : &none;
}

struct option_clock
options_clock(const struct options *o, const struct option_source *source)
{
	const struct option_host *h = find_host(o, source->host);
	struct option_clock c = { .zone = zone_of(o, source, h),
	    .skew = source->skew };

	if (!source->skewed && h && h->skewed)
		c.skew = h->skew;
	return c;
}

static void
see_zone(struct options *o, const struct option_source *source)
{
	const struct zone *z = options_clock(o, source).zone;

	if (z->kind == ZONE_NONE)
		return;
	if (o->zone.kind == ZONE_NONE)
		o->zone = *z;
	else if (!zone_is_same(&o->zone, z))
		o->all_in_zone = true;
}

void
options_settle_zone(struct options *o)
{
	o->zone = o->display;
	o->all_in_zone = o->zone.kind != ZONE_NONE;
	if (o->all_in_zone)
		return;
	for (int i = 0; i < o->npaths; i++)
		see_zone(o, &o->path_source[i]);
	for (size_t i = 0; i < o->ncommands; i++)
		see_zone(o, &o->commands[i].source);
	/* Standard input comes without a name. */
	if (o->npaths == 0 && o->ncommands == 0)
		see_zone(o, &o->next);
}

void
options_free_clocks(struct options *o)
{
	for (size_t i = 0; i < o->nzones; i++)
		zone_free(&o->zones[i]);
	for (size_t i = 0; i < o->nhosts; i++)
		zone_free(&o->hosts[i].zone);
	zone_free(&o->display);
	free(o->zones);
	free(o->hosts);
}
