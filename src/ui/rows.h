/*
 * Rows of the list: what the columns say of a session, decoded when it is
 * drawn and kept for a while.  A row is good as long as the session's record
 * is the same.
 *
 * A session of very many lines is not decoded for a row: its row is made of
 * the record and of the few lines that the record names.
 */
#ifndef EHLOG_UI_ROWS_H
#define EHLOG_UI_ROWS_H

#include "query/column.h"

#define ROWS_WAYS 4
#define ROWS_SETS 256
/* More lines than this: by the record alone. */
#define ROWS_LINES_MAX 4096
#define ROWS_CODES_MAX 64

struct row {
	uint32_t number;             /* 0: nothing here */
	uint32_t used;               /* when it was last asked for */
	struct session rec;
	struct buf text;             /* of all columns, one after another */
	uint32_t end[COLUMN_COUNT];  /* where each ends in text */
	uint16_t codes[ROWS_CODES_MAX];
	uint8_t ncodes;              /* of codes[] */
	uint8_t worst;               /* index in codes[], UINT8_MAX: none */
	bool more_codes;             /* there are more than codes[] holds */
};

struct rows {
	const struct store *store;
	struct reader *reader;       /* the owner's */
	struct row (*sets)[ROWS_WAYS];
	struct facts facts;
	uint32_t clock;
};

void rows_init(struct rows *r, const struct store *st, struct reader *reader);
void rows_free(struct rows *r);

/* The row of a session; good until the next call. */
const struct row *rows_get(struct rows *r, uint32_t number);
struct slice row_text(const struct row *row, enum column_id id);

#endif
