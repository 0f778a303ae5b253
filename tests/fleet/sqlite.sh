#!/bin/sh
# doc/fleet.md: sessions in SQLite, and what postmasters ask of them.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"
# shellcheck source=tests/fleet/lib.sh
. "$abs_top_srcdir/tests/fleet/lib.sh"
need bash
need sqlite3

fleet_log >"$work/here/var/log/mail.log"
ask() {
	sqlite3 -batch -list "$work/here/mail.db" "$1"
}

recipe sqlite-make
exits "the tables are made" 0
recipe sqlite-load
exits "a log is loaded" 0
same "all its sessions are there" "$(ask 'SELECT count(*) FROM sessions')" 11
same "each with its mail" \
    "$(ask 'SELECT count(*), count(recipient) FROM mail')" "8|7"
ask "$asked"
same "the answers" "$(sqlite3 -batch -list "$work/here/mail.db" \
    <"$sql/queries.sql")" "$(fleet_answers)"

# More of the same log, of which the sessions are there already.
csv_session 12 16 192.0.2.7:1012 ann@example.com chris@play.com \
    '250 2.1.5 Recipient OK' >>"$work/here/var/log/mail.log"
recipe sqlite-load
exits "a log that has grown is loaded again" 0
same "no session is there twice" \
    "$(ask 'SELECT count(*), max(number) FROM sessions')" "12|12"
same "nor its mail" "$(ask 'SELECT count(*) FROM mail')" 9

# Text that would end a string, a field or a line.
csv_head >"$work/here/var/log/mail.log"
csv_session 1 10 192.0.2.1:1001 "o'hara@example.com" chris@play.com \
    "\"550 5.1.1 it's a \"\"tab\"\"	\\n, 'really'; \$x\"" \
    >>"$work/here/var/log/mail.log"
rm "$work/here/mail.db"
recipe sqlite-make
recipe sqlite-load
same "text comes in as it is" \
    "$(ask 'SELECT sender, text FROM mail')" \
    "o'hara@example.com|it's a \"tab\"	\\n, 'really'; \$x"

# What is decided by a reply, by its enhanced code alone, and by none.
cat >"$work/line" <<'JSON'
{"source":"a","first_line":1,"start":null,"codes":[],"messages":[{"from":"","recipients":[{"to":"x@A.test","code":null,"enhanced":"4.4.1","text":"t"},{"to":"y@b.test","code":250,"enhanced":null,"text":"ok"}],"code":554,"enhanced":"5.6.0","text":"no"},{"from":"s","recipients":[{"to":"plain","code":250,"enhanced":null,"text":"ok"}],"code":null,"enhanced":null,"text":null}]}
JSON
ask 'DELETE FROM mail; DELETE FROM sessions;'
sqlite3 "$work/here/mail.db" -cmd '.mode ascii' -cmd '.separator "\037" "\n"' \
    ".import $work/line incoming"
same "the reply that decided" \
    "$(ask 'SELECT sender, recipient, domain, code, class, text FROM mail')" \
    "|x@A.test|a.test||4|t${NL}|y@b.test|b.test|554|5|no${NL}s|plain|plain|250|2|ok"
done_testing
