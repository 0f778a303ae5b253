# OpenSMTPD with TLS and users, and what it tells its filters: one of them
# keeps all that it is told, and registers for nothing but reports.
# shellcheck shell=sh disable=SC2034,SC2154
# shellcheck source=tests/servers/conf/opensmtpd-relay.sh
. "$here/conf/opensmtpd-relay.sh"
about="Mail to example.net goes to a program that discards it. The log is what a
filter was told that registered for all reports."
drive="--scenes=column_scenes --without=idle"

# A filter hears of the sessions of the listener that it stands at.
configure() {
	settings
	sed -i -e "s|^filter all chain {|filter keeper proc-exec \"/opt/keeper\"\n\
filter all chain { keeper,|" "$root/etc/smtpd.conf"
	put /opt/keeper <<-'END'
	#!/bin/sh
	printf '%s\n' 'register|report|smtp-in|*' 'register|ready'
	exec cat >>/tmp/reports
	END
	chmod 755 "$root/opt/keeper"
	add_users
}

start() {
	start_smtpd
}

stop() {
	until_true 20 no_mail_left || :
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
	end_syslog
	rm "$out/maillog"
}

gather() {
	cp "$root/tmp/reports" "$out/reports"
}
