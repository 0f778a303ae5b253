/*
 * Mail transactions: what MAIL, RCPT, DATA and BDAT and their replies make of
 * a message.
 */
#include "config.h"

#include "index/transaction.h"

#include "smtp/verb.h"

static struct slice
args_of(const struct fact_line *l)
{
	struct slice args;

	verb_parse(l->text, &args);
	return args;
}

static struct fact_message *
last_message(struct facts *f)
{
	return f->nmessages ? &f->messages[f->nmessages - 1] : NULL;
}

static struct fact_message *
add_message(struct facts *f)
{
	struct fact_message *m = facts_add_message(f);

	m->id = f->next_id;
	f->next_id = SLICE_NONE;
	return m;
}

static void
begin_message(struct facts *f, struct fact_line *l)
{
	struct slice args = args_of(l), params;
	struct fact_message *m = add_message(f);

	l->about = (uint32_t)f->nmessages - 1;
	if (verb_path(args, &m->from, &params))
		m->has_size = verb_size(params, &m->size);
}

static void
add_recipient(struct facts *f, struct fact_line *l)
{
	struct fact_message *m = last_message(f);
	struct fact_recipient *r;
	struct slice params;

	/* RCPT with no MAIL is refused and belongs to no message, but where
	   the log was cut MAIL stood before it. */
	if (!m && !(f->rec.flags & SESSION_CUT))
		return;
	if (!m)
		m = add_message(f);
	mem_reserve(&f->recipients, &f->recipients_cap, f->nrecipients + 1,
	    sizeof *f->recipients);
	l->about = (uint32_t)f->nrecipients;
	r = &f->recipients[f->nrecipients++];
	*r = (struct fact_recipient){ 0 };
	if (!verb_path(args_of(l), &r->to, &params))
		r->to = args_of(l);
	m->recipients++;
}

static void
add_chunk(struct facts *f, struct fact_line *l)
{
	struct fact_message *m = last_message(f);
	uint64_t size;
	bool last;

	if (!m)
		return;
	l->about = (uint32_t)f->nmessages - 1;
	if (!verb_bdat(args_of(l), &size, &last))
		return;
	/* Chunks are what was sent; SIZE= was a promise. */
	if (m->chunked && m->size <= UINT64_MAX - size)
		m->size += size;
	else
		m->size = size;
	m->chunked = m->has_size = true;
}

void
transaction_command(struct facts *f, uint32_t line)
{
	struct fact_line *l = &f->lines[line];

	l->about = FACT_NONE;
	switch (l->verb) {
	case VERB_MAIL:
		begin_message(f, l);
		break;
	case VERB_RCPT:
		add_recipient(f, l);
		break;
	case VERB_DATA:
		if (f->nmessages)
			l->about = (uint32_t)f->nmessages - 1;
		break;
	case VERB_BDAT:
		add_chunk(f, l);
		break;
	default:
		break;
	}
}

static struct slice
word_after(struct slice text, struct slice mark)
{
	ptrdiff_t at = slice_find(text, mark);
	size_t n = 0;

	if (at < 0)
		return SLICE_NONE;
	text = slice_from(text, (size_t)at + mark.n);
	while (n < text.n && !strchr(" ,;)]>\"'\r", text.p[n]) && text.p[n])
		n++;
	return n ? slice_head(text, n) : SLICE_NONE;
}

/* The id under which the receiving server knows the message. */
static struct slice
id_in(struct slice text)
{
	static const struct slice marks[] = {
		{ "InternalId=", 11 }, { "queued as ", 10 },
		{ "queued as: ", 11 }, { " id=", 4 },
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct slice id = word_after(text, marks[i]);

		if (id.p)
			return id;
	}
	return SLICE_NONE;
}

static void
answer_message(struct fact_message *m, const struct fact_reply *r)
{
	struct slice id = id_in(r->text);

	m->code = r->code;
	m->enhanced = r->enhanced;
	m->text = r->text;
	if (r->code / 100 == 2 && id.p)
		m->id = id;
}

void
transaction_reply(struct facts *f, uint32_t reply)
{
	const struct fact_reply *r = &f->replies[reply];
	struct fact_line *l;
	struct slice args;
	uint64_t size;
	bool last;

	if (r->command == FACT_NONE)
		return;
	l = &f->lines[r->command];
	if (l->about == FACT_NONE)
		return;
	switch (l->verb) {
	case VERB_RCPT:
		f->recipients[l->about].code = r->code;
		f->recipients[l->about].enhanced = r->enhanced;
		f->recipients[l->about].text = r->text;
		break;
	case VERB_MAIL:
		/* A refused sender ends the message; 250 says nothing. */
		if (r->code / 100 >= 4)
			answer_message(&f->messages[l->about], r);
		break;
	case VERB_DATA:
		if (r->of_text || r->code / 100 >= 4)
			answer_message(&f->messages[l->about], r);
		break;
	case VERB_BDAT:
		args = args_of(l);
		if (r->code / 100 >= 4 ||
		    (verb_bdat(args, &size, &last) && last))
			answer_message(&f->messages[l->about], r);
		break;
	default:
		break;
	}
}

void
transaction_note(struct facts *f, struct slice context)
{
	static const struct slice sending = { "sending message with ", 21 };
	struct slice id;

	if (!slice_starts(context, sending))
		return;
	id = word_after(context, SLICE("InternetMessageId <"));
	if (id.p)
		f->next_id = id;
}

/*
 * The text of a reply is whole only now that its further lines are known;
 * messages and recipients take it over.
 */
void
transaction_finish(struct facts *f)
{
	for (uint32_t i = 0; i < f->nreplies; i++)
		transaction_reply(f, i);
}
