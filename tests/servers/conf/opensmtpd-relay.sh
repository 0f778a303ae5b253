# OpenSMTPD as a relay, with TLS and users: what it takes is delivered to
# sink.py, by SMTP and LMTP.
# shellcheck shell=sh disable=SC2034,SC2154
# shellcheck source=tests/servers/conf/opensmtpd.sh
. "$here/conf/opensmtpd.sh"
# shellcheck source=tests/servers/conf/relay.sh
. "$here/conf/relay.sh"
about="A relay to sink.py (relay_scenes.py), with TLS and users; add_fates.py has
put together the truth of both."
# What it has not: CHUNKING, SMTPUTF8, a filter that gives mail back.
drive="--scenes=relay_scenes --without=chunked,chunks_cut,chunked_and_bounced,\
international,international_bounced,filtered,filtered_and_bounced,\
filtered_and_deferred"
packages=

# Debian 12's own, of 2020, cannot sign with the OpenSSL beside it: every
# STARTTLS ends in `missing private key`.  Its backports have another.
fetch() {
	# shellcheck source=/dev/null
	suite=$(. "$root/etc/os-release" && echo "$VERSION_CODENAME")
	from=
	if [ "$suite" = bookworm ]; then
		from=$suite-backports
		# shellcheck disable=SC2016 # apt's own names
		uri=$(in_root apt-get indextargets --format '$(REPO_URI)' \
		    "Codename: $suite" | sort -u | head -n 1)
		echo "deb $uri $from main" |
		    put /etc/apt/sources.list.d/backports.list
		in_root apt-get -qq update >"$work/install.log" 2>&1 </dev/null
	fi
	in_root apt-get install -y -qq --no-install-recommends \
	    ${from:+-t "$from"} opensmtpd >>"$work/install.log" 2>&1 \
	    </dev/null || {
		tail -n 20 "$work/install.log" >&2
		return 1
	}
}

# Where a connection fails, its address is left alone for a while, on any port.
configure() {
	put /etc/smtpd.conf <<-'END'
	smtp max-message-size 20000
	pki site cert "/etc/mx.pem"
	pki site key "/etc/mx.key"
	table accounts { ann = "PASSWORD" }
	table users file:/etc/mail/users
	listen on 127.0.0.1 port 25 tls pki site hostname mx.example.net \
	  auth-optional <accounts>
	action next relay host "smtp://127.0.0.1:2525" tls no-verify
	action busy relay host "smtp://127.0.0.66:2525"
	action hang relay host "smtp+notls://127.0.0.67:2525"
	action closed relay host "smtp://127.0.0.68:2599"
	action "by-lmtp" lmtp "127.0.0.1:2525" rcpt-to virtual <users>
	match from any for domain { "next.example", "back.example" } action next
	match from any for domain "busy.example" action busy
	match from any for domain "hang.example" action hang
	match from any for domain "closed.example" action closed
	match from any for domain "lmtp.example" action "by-lmtp"

	END
	add_users
}

start() {
	start_next
	start_smtpd
}

# All has been tried once: what is put off stays for long.
idle() {
	in_root smtpctl show queue >"$work/queue" 2>/dev/null || return 1
	! awk -F '|' '$12 == "inflight" || $11 == 0 { n++ } END { exit !n }' \
	    "$work/queue"
}

stop() {
	until_true 30 idle || :
	stop_next
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
	end_syslog
}

gather() {
	add_fates hops
}
