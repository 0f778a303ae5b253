#!/bin/sh
# doc/fleet.md: sessions in DuckDB.  Its command, or else its package of npm:
# EHLOG_NPM is the folder where that is installed.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"
# shellcheck source=tests/fleet/lib.sh
. "$abs_top_srcdir/tests/fleet/lib.sh"
need bash
if ! command -v duckdb >/dev/null 2>&1; then
	DUCKDB_MODULES=${EHLOG_NPM:-/nonexistent}/node_modules
	export DUCKDB_MODULES
	[ -d "$DUCKDB_MODULES/@duckdb/node-api" ] ||
		skip_all "neither duckdb nor its package of npm is there"
	need node
	printf '#!/bin/sh\nexec node "%s/tests/fleet/duckdb.mjs" "$@"\n' \
	    "$abs_top_srcdir" >"$work/bin/duckdb"
	chmod +x "$work/bin/duckdb"
fi

fleet_log >"$work/here/var/log/mail.log"
recipe duckdb-load
exits "a log is loaded" 0
cd "$work/here" || exit 1
same "all its sessions are there" \
    "$(echo 'SELECT count(*) AS n FROM sessions' | duckdb mail.duckdb |
	tr -dc '0-9')" 11
same "the answers" "$({ echo "$asked"; cat "$sql/queries.sql"; } |
    { [ -x "$work/bin/duckdb" ] || set -- -list -noheader
	duckdb "$@" mail.duckdb; })" "$(fleet_answers)"
done_testing
