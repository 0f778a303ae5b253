# Postfix, by its own postlogd or with `smtpd -v`.
# shellcheck shell=sh disable=SC2034,SC2154
packages="postfix libsasl2-modules sasl2-bin"
about="Mail to example.net goes to discard; BSD stamps, written by postlogd."

version() {
	in_root postconf -h mail_version | sed 's/^/Postfix /'
}

configure_postfix() {
	put /etc/postfix/main.cf <<-'END'
	compatibility_level = 3.6
	myhostname = mx.example.net
	mydestination =
	mynetworks = 127.77.0.0/16
	inet_interfaces = 127.0.0.1
	inet_protocols = ipv4
	maillog_file = /var/log/mail.log
	virtual_mailbox_domains = example.net
	virtual_mailbox_maps = regexp:/etc/postfix/users
	virtual_transport = discard:
	smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
	smtpd_client_restrictions = check_client_access cidr:/etc/postfix/clients
	smtpd_sender_restrictions = check_sender_access regexp:/etc/postfix/senders
	smtpd_recipient_restrictions =
	  check_recipient_access regexp:/etc/postfix/recipients
	header_checks = regexp:/etc/postfix/headers
	message_size_limit = 20000
	smtpd_timeout = 5s
	smtpd_error_sleep_time = 0
	smtpd_soft_error_limit = 10
	smtpd_hard_error_limit = 12
	smtpd_client_connection_count_limit = 0
	smtpd_client_connection_rate_limit = 0
	smtpd_tls_security_level = may
	smtpd_tls_cert_file = /etc/mx.pem
	smtpd_tls_key_file = /etc/mx.key
	smtpd_tls_loglevel = 1
	smtpd_sasl_auth_enable = yes
	smtpd_sasl_path = smtpd
	cyrus_sasl_config_path = /etc/postfix/sasl
	END
	put /etc/postfix/sasl/smtpd.conf <<-'END'
	pwcheck_method: auxprop
	auxprop_plugin: sasldb
	mech_list: PLAIN LOGIN
	END
	put /etc/postfix/users <<-'END'
	/^"?(u[0-9]+|later[0-9]*|full)\]?(: 250 ok)?"?@example\.net$/ x
	END
	put /etc/postfix/recipients <<-'END'
	/^later/ 450 4.2.0 Greylisted, come back later
	/^full@/ 552 5.2.2 Mailbox full
	END
	put /etc/postfix/senders <<-'END'
	/^slow@bad/ 451 4.7.1 Not now
	/@bad\.example$/ 554 5.7.1 Sender unwelcome
	END
	echo '127.66.0.0/16 554 5.7.1 Client unwelcome' |
	    put /etc/postfix/clients
	echo '/^Subject:.*REFUSE/ REJECT No such thing here' |
	    put /etc/postfix/headers
	echo secret | in_root saslpasswd2 -p -c -u mx.example.net ann
	chmod 644 "$root/etc/sasldb2"
	in_root postconf -F '*/*/chroot=n'
	in_root postconf -M 'postlog/unix-dgram=postlog unix-dgram n - n - 1 postlogd'
	[ "$variant" != postfix-verbose ] ||
	    in_root postconf -M 'smtp/inet=smtp inet n - n - - smtpd -v'
	: >"$root/var/log/mail.log"
}

start_postfix() {
	in_root postfix start >"$work/start.log" 2>&1 </dev/null ||
	    { cat "$work/start.log"; return 1; }
}

idle() {
	[ -z "$(find "$root/var/spool/postfix/active" \
	    "$root/var/spool/postfix/incoming" -type f)" ]
}

stop_postfix() {
	until_true 20 idle
	in_root postfix stop >/dev/null 2>&1
}

configure() {
	configure_postfix
}

start() {
	start_postfix
}

stop() {
	stop_postfix
}

gather() {
	cp "$root/var/log/mail.log" "$out/mail.log"
}
