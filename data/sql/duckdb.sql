-- Sessions of ehlog in DuckDB, from all files *.ehlog.json of the folder it
-- runs in:
--
--   ehlog --print=json LOG >mx1.ehlog.json
--   duckdb mail.duckdb <duckdb.sql
--   duckdb mail.duckdb <queries.sql
--
-- The tables are made anew each time.  `host` is what a line says of it
-- (fleet.md adds it), else empty.

CREATE OR REPLACE TABLE sessions AS
SELECT row_number() OVER () AS session,
	coalesce(host, '') AS host, source, format, number, "key" AS log_key,
	"start" AS started, "end" AS ended, "start"[1:13] AS hour,
	duration_ms, direction, peer, port, server, helo, tls, auth,
	commands, replies, codes, worst, worst_enhanced, worst_text,
	failed_command, outcome, guessed,
	greatest(len(list_filter(codes, lambda code : code = 535)),
		CASE WHEN upper(failed_command) LIKE 'AUTH%' THEN 1 ELSE 0 END)
		AS auth_failures,
	first_line, last_line, lines, messages
FROM read_json('*.ehlog.json', format = 'newline_delimited', columns = {
	host: 'VARCHAR', number: 'BIGINT', format: 'VARCHAR',
	source: 'VARCHAR', "key": 'VARCHAR', "start": 'VARCHAR',
	"end": 'VARCHAR', duration_ms: 'BIGINT', direction: 'VARCHAR',
	peer: 'VARCHAR', port: 'INTEGER', server: 'VARCHAR', helo: 'VARCHAR',
	tls: 'VARCHAR', auth: 'VARCHAR',
	messages: 'STRUCT("from" VARCHAR, size BIGINT, recipients STRUCT("to"
		VARCHAR, code INTEGER, enhanced VARCHAR, "text" VARCHAR)[],
		code INTEGER, enhanced VARCHAR, "text" VARCHAR, id VARCHAR)[]',
	commands: 'BIGINT', replies: 'BIGINT', codes: 'INTEGER[]',
	worst: 'INTEGER', worst_enhanced: 'VARCHAR', worst_text: 'VARCHAR',
	failed_command: 'VARCHAR', outcome: 'VARCHAR', guessed: 'BOOLEAN',
	first_line: 'BIGINT', last_line: 'BIGINT', lines: 'BIGINT' });

-- A row a recipient; one without a recipient where a message has none.  code,
-- enhanced and text are of the reply that decided: the one to the recipient,
-- or the final one where the recipient was accepted.
CREATE OR REPLACE TABLE mail AS
WITH transactions AS (
	SELECT *, unnest(messages) AS message FROM sessions),
told AS (
	SELECT *, unnest(CASE WHEN len(message.recipients) = 0
		THEN [NULL] ELSE message.recipients END) AS one
	FROM transactions),
decided AS (
	SELECT *, CASE WHEN one IS NOT NULL AND (one.code >= 400 OR
			(one.code IS NULL AND one.enhanced[1] > '2') OR
			(message.code IS NULL AND message.enhanced IS NULL))
		THEN struct_pack(code := one.code, enhanced := one.enhanced,
			words := one."text")
		ELSE struct_pack(code := message.code,
			enhanced := message.enhanced, words := message."text")
		END AS reply
	FROM told)
SELECT session, host, source, first_line, started, hour, direction, peer,
	outcome, message.id AS id, message."from" AS sender,
	message.size AS size, one."to" AS recipient,
	lower(one."to"[instr(one."to", '@') + 1:]) AS domain,
	reply.code AS code,
	coalesce(reply.code // 100, try_cast(reply.enhanced[1] AS INTEGER))
		AS class,
	reply.enhanced AS enhanced, reply.words AS "text"
FROM decided;

ALTER TABLE sessions DROP COLUMN messages;

-- Whom the second query asks for.
CREATE TABLE IF NOT EXISTS asked (sender VARCHAR, recipient VARCHAR);
