# The relay with `smtp -v`: the dialogue with the next hop as well.
# shellcheck shell=sh disable=SC2034,SC2154
# shellcheck source=tests/servers/conf/postfix-relay.sh
. "$here/conf/postfix-relay.sh"
about="A relay to sink.py (relay_scenes.py) with smtp -v; add_fates.py has put
together the truth of both."

configure() {
	configure_relay
	in_root postconf -M 'smtp/unix=smtp unix - - n - - smtp -v'
	# One that is kept for the next message may go to another process.
	in_root postconf -e "smtp_connection_cache_on_demand = no"
}

gather() {
	cp "$root/var/log/mail.log" "$out/mail.log"
	add_fates hops
}
