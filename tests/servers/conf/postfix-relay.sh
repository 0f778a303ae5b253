# Postfix as a relay: what it takes is delivered to sink.py, refused, put off
# or lost there, by SMTP and LMTP; some of it through a content filter.
# shellcheck shell=sh disable=SC2034,SC2154
# shellcheck source=tests/servers/conf/postfix.sh
. "$here/conf/postfix.sh"
about="A relay to sink.py (relay_scenes.py); add_fates.py has put together the
truth of both."
drive=--scenes=relay_scenes
domains="next.example busy.example closed.example hang.example"
domains="$domains lmtp.example filtered.example back.example"

configure() {
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

start() {
	rm -f "$work/next"
	python3 "$here/sink.py" 0.0.0.0 2525 "$work/next" "$root/etc/mx.pem" \
	    "$root/etc/mx.key" many &
	sink_pid=$!
	until_true 20 test -f "$work/next"
	start_postfix
}

# Whoever is connected to the sink is not in its truth yet.
sink_is_done() {
	! ss -Htn 'sport = :2525' | grep -qv TIME-WAIT
}

stop() {
	stop_postfix
	until_true 20 sink_is_done
	kill "$sink_pid"
	wait "$sink_pid" 2>/dev/null || :
}

gather() {
	cp "$root/var/log/mail.log" "$out/mail.log"
	python3 "$here/add_fates.py" "$out/truth" "$work/next"
}
