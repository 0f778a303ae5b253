# OpenSMTPD: its lines in syslog, or the trace on stderr.
# shellcheck shell=sh disable=SC2034,SC2154
packages="opensmtpd"
key="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1"
drive=--without=idle
about="Mail to example.net goes to a program that discards it."

version() {
	in_root smtpd -h 2>&1 | sed -n 's/^version: //p'
}

add_users() {
	password=$(in_root smtpctl encrypt secret)
	sed -i "s|PASSWORD|$password|" "$root/etc/smtpd.conf"
	echo '@: nobody' | put /etc/mail/users
	: | put /etc/mail/aliases
	chmod 600 "$root/etc/mx.key"
}

settings() {
	put /etc/smtpd.conf <<-'END'
	smtp max-message-size 20000
	pki site cert "/etc/mx.pem"
	pki site key "/etc/mx.key"
	table accounts { ann = "PASSWORD" }
	table users file:/etc/mail/users
	filter unwelcome phase connect match src { "127.66.0.0/16" } \
	  disconnect "554 5.7.1 Client unwelcome"
	filter sender phase mail-from match mail-from { "spam@bad.example" } \
	  reject "554 5.7.1 Sender unwelcome"
	filter slow phase mail-from match mail-from { "slow@bad.example" } \
	  reject "451 4.7.1 Not now"
	filter later phase rcpt-to match rcpt-to regex { "^later" } \
	  reject "450 4.2.0 Greylisted, come back later"
	filter full phase rcpt-to match rcpt-to { "full@example.net" } \
	  reject "552 5.2.2 Mailbox full"
	filter all chain { unwelcome, sender, slow, later, full }
	listen on 127.0.0.1 port 25 tls pki site hostname mx.example.net \
	  auth-optional <accounts> filter all
	action drop mda "/bin/cat >/dev/null" virtual <users>
	match from any for domain "example.net" rcpt-to regex { "^u[0-9]+@" } action drop
	END
}

configure() {
	settings
	add_users
}

start_smtpd() {
	in_root smtpd -n >"$work/server.log" 2>&1 || {
		cat "$work/server.log" >&2
		return 1
	}
	if [ "$variant" = opensmtpd-trace ]; then
		in_root smtpd -dv -T smtp >"$out/smtpd.log" 2>&1 </dev/null &
	else
		syslog_to "$out/maillog"
		in_root smtpd -F >"$work/server.log" 2>&1 </dev/null &
	fi
	server_pid=$!
}

start() {
	start_smtpd
}

no_mail_left() {
	[ -z "$(find "$root/var/spool/smtpd/queue" \
	    "$root/var/spool/smtpd/incoming" -type f)" ]
}

stop() {
	until_true 20 no_mail_left || :
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
	[ "$variant" = opensmtpd-trace ] || end_syslog
}

gather() {
	:
}
