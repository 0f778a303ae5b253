/*
 * Sessions written one by one.  See writing.h.
 */
#include "config.h"

#include "report/writing.h"

void
writing_begin(struct writing *w, const struct report_format *form,
    const struct report_options *o, const struct store *st,
    struct filter *filter)
{
	*w = (struct writing){
		.filter = filter, .context = filter_context_new(st),
		.run = report_open(form, o, st), .limit = o->limit,
	};
}

void
writing_session(struct writing *w, uint32_t number, const struct session *rec)
{
	if (w->full || (w->filter &&
	    !filter_match(w->filter, w->context, number, rec)))
		return;
	if (report_session(w->run, number) < 0) {
		w->full = true;
		return;
	}
	w->rows++;
	w->full = w->limit && w->rows >= w->limit;
}

void
writing_flush(struct writing *w)
{
	if (report_flush(w->run) < 0)
		w->full = true;
}

int
writing_end(struct writing *w, struct err *err)
{
	int status = report_close(w->run, err);

	w->met_limit = filter_limits(w->context) > 0;
	filter_context_free(w->context);
	filter_free(w->filter);
	return status;
}
