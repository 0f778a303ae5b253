-- Sessions of ehlog in SQLite (3.38 or later, or one with JSON1).
--
--   sqlite3 mail.db <sqlite.sql
--   ehlog --print=json LOG | sqlite3 mail.db -cmd '.mode ascii' \
--       -cmd '.separator "\037" "\n"' '.import /dev/stdin incoming'
--   sqlite3 -box mail.db <queries.sql
--
-- A session that is loaded again takes the place of the one that is there:
-- a log may be loaded while it grows.  `host` is what the line says of it
-- (fleet.md adds it), else empty.

CREATE TABLE IF NOT EXISTS sessions (
	session INTEGER PRIMARY KEY,
	host TEXT NOT NULL, source TEXT, format TEXT, number INTEGER,
	log_key TEXT, started TEXT, ended TEXT, hour TEXT,
	duration_ms INTEGER, direction TEXT, peer TEXT, port INTEGER,
	server TEXT, helo TEXT, tls TEXT, auth TEXT,
	commands INTEGER, replies INTEGER, codes TEXT,
	worst INTEGER, worst_enhanced TEXT, worst_text TEXT,
	failed_command TEXT, outcome TEXT, guessed INTEGER,
	auth_failures INTEGER,
	first_line INTEGER, last_line INTEGER, lines INTEGER
);
CREATE UNIQUE INDEX IF NOT EXISTS sessions_once ON sessions
	(host, source, first_line, coalesce(started, ''));
CREATE INDEX IF NOT EXISTS sessions_started ON sessions (started);
CREATE INDEX IF NOT EXISTS sessions_peer ON sessions (peer);

-- A row a recipient; one without a recipient where a message has none.  code,
-- enhanced and text are of the reply that decided: the one to the recipient,
-- or the final one where the recipient was accepted.
CREATE TABLE IF NOT EXISTS mail (
	session INTEGER NOT NULL,
	host TEXT NOT NULL, source TEXT, first_line INTEGER,
	started TEXT, hour TEXT, direction TEXT, peer TEXT, outcome TEXT,
	id TEXT, sender TEXT, size INTEGER, recipient TEXT, domain TEXT,
	code INTEGER, class INTEGER, enhanced TEXT, text TEXT
);
CREATE INDEX IF NOT EXISTS mail_session ON mail (session);
CREATE INDEX IF NOT EXISTS mail_sender ON mail (lower(sender));
CREATE INDEX IF NOT EXISTS mail_recipient ON mail (lower(recipient));

-- Whom the second query asks for.
CREATE TABLE IF NOT EXISTS asked (sender TEXT, recipient TEXT);

DROP VIEW IF EXISTS incoming;
CREATE VIEW incoming (line) AS SELECT NULL WHERE 0;
CREATE TRIGGER incoming_line INSTEAD OF INSERT ON incoming
BEGIN
	DELETE FROM mail WHERE session IN (
		SELECT session FROM sessions
		WHERE host = coalesce(json_extract(new.line, '$.host'), '')
		AND source = json_extract(new.line, '$.source')
		AND first_line = json_extract(new.line, '$.first_line')
		AND coalesce(started, '') =
			coalesce(json_extract(new.line, '$.start'), ''));
	INSERT OR REPLACE INTO sessions (
		host, source, format, number, log_key, started, ended, hour,
		duration_ms, direction, peer, port, server, helo, tls, auth,
		commands, replies, codes, worst, worst_enhanced, worst_text,
		failed_command, outcome, guessed, auth_failures,
		first_line, last_line, lines)
	SELECT coalesce(json_extract(new.line, '$.host'), ''),
		json_extract(new.line, '$.source'),
		json_extract(new.line, '$.format'),
		json_extract(new.line, '$.number'),
		json_extract(new.line, '$.key'),
		json_extract(new.line, '$.start'),
		json_extract(new.line, '$.end'),
		substr(json_extract(new.line, '$.start'), 1, 13),
		json_extract(new.line, '$.duration_ms'),
		json_extract(new.line, '$.direction'),
		json_extract(new.line, '$.peer'),
		json_extract(new.line, '$.port'),
		json_extract(new.line, '$.server'),
		json_extract(new.line, '$.helo'),
		json_extract(new.line, '$.tls'),
		json_extract(new.line, '$.auth'),
		json_extract(new.line, '$.commands'),
		json_extract(new.line, '$.replies'),
		json_extract(new.line, '$.codes'),
		json_extract(new.line, '$.worst'),
		json_extract(new.line, '$.worst_enhanced'),
		json_extract(new.line, '$.worst_text'),
		json_extract(new.line, '$.failed_command'),
		json_extract(new.line, '$.outcome'),
		json_extract(new.line, '$.guessed'),
		max((SELECT count(*) FROM json_each(new.line, '$.codes')
			WHERE value = 535),
			coalesce(json_extract(new.line, '$.failed_command')
			LIKE 'AUTH%', 0)),
		json_extract(new.line, '$.first_line'),
		json_extract(new.line, '$.last_line'),
		json_extract(new.line, '$.lines');
	INSERT INTO mail (session, host, source, first_line, started, hour,
		direction, peer, outcome, id, sender, size, recipient,
		domain, code, class, enhanced, text)
	WITH told AS (
		SELECT m.value AS message, r.value AS one,
			json_extract(r.value, '$.code') AS code,
			json_extract(r.value, '$.enhanced') AS enhanced
		FROM json_each(new.line, '$.messages') AS m
		LEFT JOIN json_each(m.value, '$.recipients') AS r),
	decided AS (
		SELECT message, one, CASE
			WHEN one IS NULL THEN message
			WHEN code >= 400 THEN one
			WHEN code IS NULL AND substr(enhanced, 1, 1) > '2'
				THEN one
			WHEN json_extract(message, '$.code') IS NULL AND
				json_extract(message, '$.enhanced') IS NULL
				THEN one
			ELSE message END AS reply
		FROM told)
	SELECT s.session, s.host, s.source, s.first_line, s.started, s.hour,
		s.direction, s.peer, s.outcome,
		json_extract(message, '$.id'), json_extract(message, '$.from'),
		json_extract(message, '$.size'), json_extract(one, '$.to'),
		lower(substr(json_extract(one, '$.to'),
			instr(json_extract(one, '$.to'), '@') + 1)),
		json_extract(reply, '$.code'),
		coalesce(json_extract(reply, '$.code') / 100,
			CAST(substr(json_extract(reply, '$.enhanced'), 1, 1)
			AS INTEGER)),
		json_extract(reply, '$.enhanced'), json_extract(reply, '$.text')
	FROM decided, sessions AS s
	WHERE s.host = coalesce(json_extract(new.line, '$.host'), '')
	AND s.source = json_extract(new.line, '$.source')
	AND s.first_line = json_extract(new.line, '$.first_line')
	AND coalesce(s.started, '') =
		coalesce(json_extract(new.line, '$.start'), '');
END;
