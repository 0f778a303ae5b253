-- What postmasters ask of their logs.  The same for SQLite, DuckDB and
-- ClickHouse: the tables are made by sqlite.sql, duckdb.sql, clickhouse.sql.

-- 1. Which domains refuse most?  Direction out: servers of theirs refused us;
-- in: we refused, or could not pass on, mail to them.
SELECT direction, domain, count(*) AS refused,
	sum(CASE WHEN class = 5 THEN 1 ELSE 0 END) AS permanent,
	sum(CASE WHEN class = 4 THEN 1 ELSE 0 END) AS temporary
FROM mail
WHERE class >= 4 AND recipient IS NOT NULL
GROUP BY direction, domain
ORDER BY refused DESC, domain, direction
LIMIT 20;

-- 2. Why did mail from A to B not arrive?  A and B stand in the table `asked`;
-- a message that was refused before B was named counts as well.
SELECT started, peer, sender, recipient, code, enhanced, text, outcome,
	host, source, first_line
FROM mail
WHERE lower(sender) IN (SELECT lower(sender) FROM asked)
AND (recipient IS NULL OR
	lower(recipient) IN (SELECT lower(recipient) FROM asked))
ORDER BY started, first_line;

-- 3. In which hours were most sessions put off?
SELECT hour, count(*) AS put_off, count(DISTINCT peer) AS peers
FROM sessions
WHERE outcome = 'temporary'
GROUP BY hour
ORDER BY put_off DESC, hour
LIMIT 20;

-- 4. From where come most logins that fail?
SELECT peer, sum(auth_failures) AS failures, count(*) AS in_sessions,
	min(started) AS since, max(started) AS until
FROM sessions
WHERE auth_failures > 0
GROUP BY peer
ORDER BY failures DESC, peer
LIMIT 20;

-- 5. Which sentences are said most when something fails?
SELECT worst, worst_enhanced, worst_text, count(*) AS times,
	count(DISTINCT peer) AS peers
FROM sessions
WHERE worst >= 400
GROUP BY worst, worst_enhanced, worst_text
ORDER BY times DESC, worst, worst_text
LIMIT 20;
