-- Sessions of ehlog in ClickHouse.  jq makes rows of them:
--
--   clickhouse-client --multiquery <clickhouse.sql
--   ehlog --print=json LOG >sessions.json
--   jq -c -f sessions.jq sessions.json | clickhouse-client \
--       --query='INSERT INTO sessions FORMAT JSONEachRow'
--   jq -c -f mail.jq sessions.json | clickhouse-client \
--       --query='INSERT INTO mail FORMAT JSONEachRow'
--   clickhouse-client --multiquery <queries.sql
--
-- What is loaded twice is there once when parts have been merged; at once by
-- OPTIMIZE TABLE sessions FINAL; OPTIMIZE TABLE mail FINAL.

CREATE TABLE IF NOT EXISTS sessions (
	day Date, host String, source String, format String, number UInt32,
	log_key Nullable(String), started String, ended Nullable(String),
	hour String, duration_ms Nullable(UInt64),
	direction Nullable(String), peer Nullable(String),
	port Nullable(UInt16), server Nullable(String),
	helo Nullable(String), tls Nullable(String), auth Nullable(String),
	commands UInt32, replies UInt32, codes Array(UInt16),
	worst Nullable(UInt16), worst_enhanced Nullable(String),
	worst_text Nullable(String), failed_command Nullable(String),
	outcome String, guessed UInt8, auth_failures UInt32,
	first_line UInt32, last_line UInt32, lines UInt32
) ENGINE = ReplacingMergeTree() PARTITION BY toYYYYMM(day)
ORDER BY (host, source, started, first_line);

-- A row a recipient; one without a recipient where a message has none.  code,
-- enhanced and text are of the reply that decided: the one to the recipient,
-- or the final one where the recipient was accepted.
CREATE TABLE IF NOT EXISTS mail (
	day Date, host String, source String, first_line UInt32,
	message UInt32, place UInt32, started String, hour String,
	direction Nullable(String), peer Nullable(String), outcome String,
	id Nullable(String), sender Nullable(String), size Nullable(UInt64),
	recipient Nullable(String), domain Nullable(String),
	code Nullable(UInt16), class Nullable(UInt8),
	enhanced Nullable(String), text Nullable(String)
) ENGINE = ReplacingMergeTree() PARTITION BY toYYYYMM(day)
ORDER BY (host, source, started, first_line, message, place);

-- Whom the second query asks for.
CREATE TABLE IF NOT EXISTS asked (sender String, recipient String)
ENGINE = Memory;
