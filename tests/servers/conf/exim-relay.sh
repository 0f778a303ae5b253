# Exim as a relay: what it takes is delivered to sink.py, refused, put off or
# lost there, by SMTP and LMTP; the main log with log_selector = +all.
# shellcheck shell=sh disable=SC2016,SC2034,SC2119,SC2154
# shellcheck source=tests/servers/conf/exim.sh
. "$here/conf/exim.sh"
# shellcheck source=tests/servers/conf/relay.sh
. "$here/conf/relay.sh"
about="A relay to sink.py (relay_scenes.py), log_selector = +all; add_fates.py has
put together the truth of both."
# No filter gives mail back.
drive="--scenes=relay_scenes --without=filtered,filtered_and_bounced,\
filtered_and_deferred"

configure() {
	put /etc/exim4/exim4.conf <<-'END'
	primary_hostname = mx.example.net
	keep_environment =
	domainlist relayed = next.example : busy.example : closed.example : \
	  hang.example : lmtp.example : back.example
	log_file_path = /var/log/exim4/%slog
	log_selector = +all
	daemon_smtp_ports = 25
	local_interfaces = 127.0.0.1
	host_lookup = *
	rfc1413_query_timeout = 0s
	smtp_accept_max = 100
	smtp_accept_queue_per_connection = 0
	smtputf8_advertise_hosts = *
	acl_smtp_rcpt = rcpt
	acl_smtp_data = data
	tls_advertise_hosts = *
	tls_certificate = /etc/mx.pem
	tls_privatekey = /etc/mx.key
	begin acl
	rcpt:
	  deny  domains = !+relayed
	        message = relay not permitted
	  accept
	data:
	  accept
	begin routers
	next:
	  driver = manualroute
	  domains = next.example : back.example
	  transport = smtp
	  route_list = * 127.0.0.1::2525
	  self = send
	busy:
	  driver = manualroute
	  domains = busy.example
	  transport = smtp
	  route_list = * 127.0.0.66::2525
	  self = send
	hang:
	  driver = manualroute
	  domains = hang.example
	  transport = smtp
	  route_list = * 127.0.0.67::2525
	  self = send
	closed:
	  driver = manualroute
	  domains = closed.example
	  transport = smtp
	  route_list = * 127.0.0.1::2599
	  self = send
	lmtp:
	  driver = manualroute
	  domains = lmtp.example
	  transport = lmtp
	  route_list = * 127.0.0.1::2525
	  self = send
	begin transports
	smtp:
	  driver = smtp
	  tls_try_verify_hosts =
	lmtp:
	  driver = smtp
	  protocol = lmtp
	  port = 2525
	begin retry
	* * F,2h,1h
	END
	add_authenticators
	sed -i '/{ann}/s/.*{eq{\($auth.\)}{ann}.*/&\n  server_set_id = \1/' \
	    "$root/etc/exim4/exim4.conf"
	own_files
}

start() {
	start_next
	start_exim
}

# What was put off stays; but nobody is at it any more.
idle() {
	[ "$(ps -C exim4 -o pid= | wc -l)" -le 1 ]
}

stop() {
	until_true 30 idle || :
	until_true 10 idle || :
	stop_next
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
}

gather() {
	cp "$root/var/log/exim4/mainlog" "$out/mainlog"
	add_fates
}
