# swaks of Debian.
# shellcheck shell=sh disable=SC2034,SC2154
packages="swaks libnet-ssleay-perl libauthen-sasl-perl"
# shellcheck source=tests/servers/conf/clients.sh
. "$here/conf/clients.sh"

version() {
	in_root swaks --version | head -n 1
}

# say OPTION...: one session.
say() {
	in_root swaks --server 127.0.0.1 --from ann@example.com \
	    --helo client.example.org "$@" >>"$out/swaks.log" 2>&1 </dev/null ||
	    :
}

drive_it() {
	for to in $names drop@example.net who@elsewhere.example; do
		say --to "$to"
	done
	say --to u1@example.net,nobody@example.net,u2@example.net
	say --to nobody@example.net,later@example.net
	say --to u3@example.net --from spam@bad.example
	say --to u3@example.net --from slow@bad.example
	say --to u4@example.net --data @/tmp/forged
	say --to u4@example.net --data @/tmp/refused
	say --to u5@example.net --tls
	say --to u5@example.net,nobody@example.net --tls --data @/tmp/forged
	say --to u6@example.net --auth PLAIN --auth-user ann \
	    --auth-password secret
	say --to u6@example.net --auth LOGIN --auth-user ann \
	    --auth-password secret
	say --to u6@example.net --auth LOGIN --auth-user ann \
	    --auth-password wrong
	say --to u6@example.net --auth PLAIN --auth-user ann \
	    --auth-password wrong
	say --to u7@example.net --quit-after RCPT
	say --to u7@example.net --quit-after HELO
	say --to u8@example.net --local-interface 127.66.0.1
	say --to u9@example.net --helo 'red[31m.example.org'
	say --to u10@example.net --show-time-lapse
	say --to nobody@example.net --show-time-lapse
	say --to "\"nobody, to=<x@y>: 550 5.0.0\"@example.net"
	say --to u11@example.net --pipeline
	say --to u12@example.net,nobody@example.net --pipeline
}
