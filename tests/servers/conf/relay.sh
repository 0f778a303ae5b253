# A relay's next hop: sink.py, whose truth add_fates.py joins to the clients'.
# For conf/*-relay.sh; they start_next before their server and stop_next behind
# it, and gather with add_fates.
# shellcheck shell=sh disable=SC2154

start_next() {
	rm -f "$work/next"
	python3 "$here/sink.py" 0.0.0.0 2525 "$work/next" "$root/etc/mx.pem" \
	    "$root/etc/mx.key" many &
	sink_pid=$!
	until_true 20 test -f "$work/next"
}

# Whoever is connected to the sink is not in its truth yet.
sink_is_done() {
	! ss -Htn 'sport = :2525' | grep -qv TIME-WAIT
}

stop_next() {
	until_true 20 sink_is_done
	kill "$sink_pid"
	wait "$sink_pid" 2>/dev/null || :
}

# add_fates [hops]: with the connections, where the log tells of them.
add_fates() {
	python3 "$here/add_fates.py" "$out/truth" "$work/next" "$@"
}
