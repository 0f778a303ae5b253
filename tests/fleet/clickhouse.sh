#!/bin/sh
# doc/fleet.md: sessions in ClickHouse.  A server of its own, on loopback.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"
# shellcheck source=tests/fleet/lib.sh
. "$abs_top_srcdir/tests/fleet/lib.sh"
need bash
need jq
need clickhouse-client
need clickhouse-server
real=$(command -v clickhouse-client)
server=
at_exit() {
	[ -z "$server" ] || { kill "$server"; wait "$server"; } 2>/dev/null
}

# start PORT: true when it answers.
start() {
	rm -rf "$work/ch" && mkdir -p "$work/ch/data" "$work/ch/tmp"
	cat >"$work/ch/config.xml" <<-XML
	<yandex>
	<logger><level>warning</level><log>$work/ch/log</log>
	<errorlog>$work/ch/errors</errorlog></logger>
	<listen_host>127.0.0.1</listen_host><tcp_port>$1</tcp_port>
	<path>$work/ch/data/</path><tmp_path>$work/ch/tmp/</tmp_path>
	<mark_cache_size>10000000</mark_cache_size>
	<users_config>users.xml</users_config>
	<default_profile>default</default_profile>
	<default_database>default</default_database>
	</yandex>
	XML
	cat >"$work/ch/users.xml" <<-'XML'
	<yandex><profiles><default></default></profiles>
	<users><default><password></password><networks><ip>127.0.0.1</ip>
	</networks><profile>default</profile><quota>default</quota></default>
	</users><quotas><default></default></quotas></yandex>
	XML
	clickhouse-server --config-file="$work/ch/config.xml" \
	    >"$work/ch/out" 2>&1 &
	server=$!
	tries=0
	until timeout 5 "$real" --port "$1" --query 'SELECT 1' \
	    >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || return 1
		kill -0 "$server" 2>/dev/null || return 1
		sleep 0.1
	done
}

# Another may have the first port.
for port in 29000 29317 31441 none; do
	[ "$port" != none ] || skip_all "clickhouse-server does not start here"
	start "$port" && break
	at_exit
done
printf '#!/bin/sh\nexec timeout 60 %s --port %s "$@"\n' "$real" "$port" \
    >"$work/bin/clickhouse-client"
chmod +x "$work/bin/clickhouse-client"
hash -r

fleet_log >"$work/here/var/log/mail.log"
recipe clickhouse-make
exits "the tables are made" 0
recipe clickhouse-load
exits "a log is loaded" 0
same "all its sessions are there" \
    "$(clickhouse-client --query='SELECT count(*) FROM sessions')" 11
clickhouse-client --query="${asked%;}"
same "the answers" "$(clickhouse-client --multiquery <"$sql/queries.sql" |
    sed 's/\\N//g' | tr '\t' '|')" "$(fleet_answers)"
recipe clickhouse-load
exits "it is loaded again" 0
for table in sessions mail; do
	clickhouse-client --query="OPTIMIZE TABLE $table FINAL"
done
same "no session is there twice" \
    "$(clickhouse-client --query='SELECT count(*) FROM sessions')" 11
same "nor its mail" \
    "$(clickhouse-client --query='SELECT count(*) FROM mail')" 8
done_testing
