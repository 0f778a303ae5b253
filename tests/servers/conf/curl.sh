# curl -v.
# shellcheck shell=sh disable=SC2034,SC2154
packages="curl"
# shellcheck source=tests/servers/conf/clients.sh
. "$here/conf/clients.sh"

version() {
	in_root curl --version | head -n 1 | cut -d ' ' -f 1-2
}

# say OPTION...: one session.
say() {
	in_root curl -sv --max-time 20 --mail-from ann@example.com "$@" \
	    smtp://127.0.0.1/client.example.org >>"$out/curl.log" 2>&1 \
	    </dev/null || :
}

drive_it() {
	for to in $names drop@example.net who@elsewhere.example; do
		say --mail-rcpt "$to" -T /tmp/plain
	done
	say --mail-rcpt u1@example.net --mail-rcpt nobody@example.net \
	    --mail-rcpt u2@example.net -T /tmp/plain
	say --mail-rcpt-allowfails --mail-rcpt u1@example.net \
	    --mail-rcpt nobody@example.net --mail-rcpt u2@example.net \
	    -T /tmp/plain
	say --mail-from spam@bad.example --mail-rcpt u3@example.net \
	    -T /tmp/plain
	say --mail-from slow@bad.example --mail-rcpt u3@example.net \
	    -T /tmp/plain
	say --mail-rcpt u4@example.net -T /tmp/forged
	say --mail-rcpt u4@example.net -T /tmp/refused
	say --ssl-reqd -k --mail-rcpt u5@example.net -T /tmp/plain
	say --ssl-reqd -k --mail-rcpt nobody@example.net -T /tmp/forged
	say --user ann:secret --mail-rcpt u6@example.net -T /tmp/plain
	say --user ann:wrong --mail-rcpt u6@example.net -T /tmp/plain
	say --login-options AUTH=LOGIN --user ann:secret \
	    --mail-rcpt u6@example.net -T /tmp/plain
	say --login-options AUTH=LOGIN --user ann:wrong \
	    --mail-rcpt u6@example.net -T /tmp/plain
	say --interface 127.66.0.1 --mail-rcpt u8@example.net -T /tmp/plain
	say --mail-rcpt ann
	say -X NOOP
	say -X 'VRFY nobody'
	say -X FOO
}
