/*
 * The table of report forms, and the way of a selection through one of them.
 * Nothing here knows what a form looks like.
 */
#include "config.h"

#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/forms.h"
#include "smtp/reply.h"

const struct report_format report_formats[] = {
	{ .name = "table", .help = "a row a session, as in the list",
	    .needs_facts = true, .begin = form_table_begin, .row = form_table_row,
	    .end = form_table_end },
	{ .name = "csv", .help = "a row a session, RFC 4180",
	    .needs_facts = true, .streams = true,
	    .begin = form_csv_begin, .row = form_csv_row,
	    .end = form_csv_end },
	{ .name = "json", .help = "an object a line, all facts of a session",
	    .needs_facts = true, .streams = true,
	    .begin = form_json_begin, .row = form_json_row,
	    .end = form_json_end },
	{ .name = "transcript", .help = "every line of each session",
	    .needs_facts = true, .streams = true,
	    .begin = form_transcript_begin,
	    .row = form_transcript_row, .end = form_transcript_end },
	{ .name = "summary",
	    .help = "totals by outcome, by failing reply, by peer, by hour",
	    .needs_failures = true, .begin = form_summary_begin,
	    .row = form_summary_row, .end = form_summary_end },
	{ .name = "strays", .help = "lines that belong to no session",
	    .write = form_strays_write },
	{ .name = "none", .help = "nothing but the exit status" },
	{ .name = NULL }
};

const struct report_format *
report_by_name(const char *name)
{
	for (const struct report_format *rf = report_formats; rf->name; rf++)
		if (strcmp(rf->name, name) == 0)
			return rf;
	return NULL;
}

/* One report under way. */
struct report_run {
	const struct report_format *form;
	struct report_options o;
	void *state;
	struct reader *reader;
	struct facts facts;
	bool unread;             /* some session could not be read: `why` */
	struct err why;
	int error;               /* errno of the first write that failed; 0 */
};

static bool
needs_decoding(const struct report_run *r, const struct session *rec)
{
	return r->form->needs_facts ||
	    (r->form->needs_failures && reply_class(rec->worst) >= 4);
}

/* What the record alone tells. */
static void
facts_of_record(struct report_run *r, uint32_t number,
    const struct session *rec)
{
	const struct store *st = r->o.store;
	struct facts *f = &r->facts;

	f->number = number;
	f->rec = *rec;
	f->stream = store_stream(st, rec->stream);
	f->peer = store_peer(st, rec->peer);
	f->key = f->server = f->helo = f->tls = f->auth = SLICE_NONE;
	f->failed_command = SLICE_NONE;
	f->nlines = f->nreplies = f->nmessages = f->nrecipients = 0;
	f->port = -1;
	f->worst = FACT_NONE;
	f->end = CLOCK_NONE;
}

/* What `end` says after another failure is of no interest. */
static int
note_error(struct report_run *r, int status)
{
	if (status < 0 && !r->error)
		r->error = errno ? errno : EIO;
	return status;
}

/* A session that cannot be read ends nothing: what is there is written. */
int
report_session(struct report_run *r, uint32_t number)
{
	struct session rec;
	struct err trouble = { "" };

	store_session(r->o.store, number, &rec);
	if (!needs_decoding(r, &rec)) {
		facts_of_record(r, number, &rec);
	} else if (facts_decode(&r->facts, r->o.store, r->reader, number,
	    &trouble) < 0 && !r->unread) {
		r->unread = true;
		r->why = trouble;
	} else if (r->facts.gone && !r->unread) {
		r->unread = true;
		err_set(&r->why, "%s: was cut or written anew while it was "
		    "read: text of session %u is gone", r->facts.stream->name,
		    number);
	}
	return note_error(r, r->form->row(r->state, &r->o, &r->facts));
}

int
report_flush(struct report_run *r)
{
	return note_error(r, fflush(r->o.out) != 0 || ferror(r->o.out) ? -1 :
	    0);
}

struct report_run *
report_open(const struct report_format *rf, const struct report_options *o,
    const struct store *st)
{
	struct report_run *r = mem_alloc(sizeof *r);

	*r = (struct report_run){ .form = rf, .o = *o };
	r->o.store = st;
	r->reader = reader_new(st);
	facts_init(&r->facts);
	if (rf->begin)
		note_error(r, rf->begin(&r->state, &r->o));
	return r;
}

int
report_close(struct report_run *r, struct err *err)
{
	bool unread = r->unread;
	int error;

	if (r->form->end)
		note_error(r, r->form->end(r->state, &r->o));
	if (!r->error)
		report_flush(r);
	error = r->error;
	if (unread)
		*err = r->why;
	facts_free(&r->facts);
	reader_free(r->reader);
	free(r);
	/* Whoever closed the pipe has seen enough. */
	if (error && error != EPIPE)
		return err_set(err, "cannot write: %s", strerror(error));
	return unread ? -1 : 0;
}

static void
write_sessions(struct report_run *r, const struct selection *sel,
    uint64_t *rows)
{
	uint64_t n = selection_count(sel);

	if (r->o.limit && n > r->o.limit)
		n = r->o.limit;
	if (!r->form->row) {
		*rows = n;
		return;
	}
	while (*rows < n && report_session(r, selection_at(sel, *rows)) == 0)
		++*rows;
}

int
report_write(const struct report_format *rf, const struct report_options *o,
    const struct store *st, const struct selection *sel, uint64_t *rows,
    struct err *err)
{
	struct report_run *r = report_open(rf, o, st);

	*rows = 0;
	if (rf->write)
		note_error(r, rf->write(&r->o, st, rows));
	else if (!r->error)
		write_sessions(r, sel, rows);
	return report_close(r, err);
}
