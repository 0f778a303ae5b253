/*
 * The array of the formats that are built in.
 */
#include "config.h"

#include "format/format.h"

#include <string.h>

#include "format/exchange_csv.h"
#include "format/exchange_ims.h"
#include "format/exim.h"
#include "format/exim_debug.h"
#include "format/haraka.h"
#include "format/hmailserver.h"
#include "format/iis.h"
#include "format/opensmtpd.h"
#include "format/opensmtpd_report.h"
#include "format/postfix.h"
#include "format/sendmail.h"
#include "format/sendmail_x.h"
#include "format/set.h"
#include "format/transcript.h"

const struct format *const formats[] = {
	&format_exchange_csv,
	&format_exchange_ims,
	&format_exim,
	&format_exim_debug,
	&format_haraka,
	&format_hmailserver,
	&format_iis,
	&format_opensmtpd,
	&format_opensmtpd_report,
	&format_postfix,
	&format_postfix_verbose,
	&format_sendmail,
	&format_sendmail_x,
	&format_transcript,
	NULL
};

const struct format *
format_by_name(const char *name)
{
	for (const struct format *const *f = formats; *f; f++)
		if (strcmp((*f)->name, name) == 0)
			return *f;
	return NULL;
}

const struct format *
format_detect(struct slice head, const struct format_hint *hint,
    struct format_state *st, struct format_traits *traits, struct err *why)
{
	return format_set_detect(NULL, head, hint, st, traits, why);
}
