# Postfix as a relay: what it takes is delivered to sink.py, refused, put off
# or lost there, by SMTP and LMTP; some of it through a content filter.
# shellcheck shell=sh disable=SC2034,SC2119,SC2154
# shellcheck source=tests/servers/conf/postfix.sh
. "$here/conf/postfix.sh"
# shellcheck source=tests/servers/conf/relay.sh
. "$here/conf/relay.sh"
about="A relay to sink.py (relay_scenes.py); add_fates.py has put together the
truth of both."
drive=--scenes=relay_scenes
domains="next.example busy.example closed.example hang.example"
domains="$domains lmtp.example filtered.example back.example"

configure_relay() {
	configure_postfix
	in_root postconf -e 'header_checks =' \
	    'virtual_mailbox_domains =' 'virtual_mailbox_maps =' \
	    "relay_domains = $domains" \
	    'smtpd_recipient_restrictions = check_recipient_access regexp:/etc/postfix/filtered' \
	    'transport_maps = regexp:/etc/postfix/transport' \
	    'smtp_tls_security_level = may' 'smtp_tls_loglevel = 1' \
	    'mynetworks = 127.77.0.0/16'
	echo '/@filtered\.example$/ FILTER scan:[127.0.0.1]:10026' |
	    put /etc/postfix/filtered
	put /etc/postfix/transport <<-'END'
	/@busy\.example$/ smtp:[127.0.0.66]:2525
	/@closed\.example$/ smtp:[127.0.0.1]:2599
	/@hang\.example$/ smtp:[127.0.0.67]:2525
	/@lmtp\.example$/ lmtp:inet:127.0.0.1:2525
	/@(next|filtered|back)\.example$/ smtp:[127.0.0.1]:2525
	END
	in_root postconf -M 'scan/unix=scan unix - - n - 5 smtp' \
	    '127.0.0.1:10026/inet=127.0.0.1:10026 inet n - n - - smtpd'
	in_root postconf -P 'scan/unix/smtp_send_xforward_command=yes' \
	    'scan/unix/smtp_tls_security_level=none' \
	    '127.0.0.1:10026/inet/mynetworks=127.0.0.0/8' \
	    '127.0.0.1:10026/inet/content_filter=' \
	    '127.0.0.1:10026/inet/smtpd_recipient_restrictions=permit_mynetworks' \
	    '127.0.0.1:10026/inet/smtpd_authorized_xforward_hosts=127.0.0.0/8'
}

configure() {
	configure_relay
}

start() {
	start_next
	start_postfix
}

stop() {
	stop_postfix
	stop_next
}

gather() {
	cp "$root/var/log/mail.log" "$out/mail.log"
	add_fates
}
