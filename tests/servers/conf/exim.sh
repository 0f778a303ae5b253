# Exim 4: its main log with the default selector or all, or -d on stderr.
# shellcheck shell=sh disable=SC2034,SC2154
packages="exim4-daemon-heavy"
about="Mail to example.net goes to discard (:blackhole:)."

version() {
	in_root exim4 -bV 2>/dev/null | head -n 1
}

# ann, for AUTH.
add_authenticators() {
	cat >>"$root/etc/exim4/exim4.conf" <<-'END'
	begin authenticators
	plain:
	  driver = plaintext
	  public_name = PLAIN
	  server_condition = ${if and{{eq{$auth2}{ann}}{eq{$auth3}{secret}}}}
	login:
	  driver = plaintext
	  public_name = LOGIN
	  server_prompts = Username:: : Password::
	  server_condition = ${if and{{eq{$auth1}{ann}}{eq{$auth2}{secret}}}}
	END
}

own_files() {
	in_root chown Debian-exim /etc/mx.key
	in_root install -d -o Debian-exim -g adm /run/exim4
	rm -f "$root"/var/log/exim4/*
}

configure() {
	{
	cat <<-'END'
	primary_hostname = mx.example.net
	keep_environment =
	domainlist local_domains = example.net
	log_file_path = /var/log/exim4/%slog
	daemon_smtp_ports = 25
	local_interfaces = 127.0.0.1
	host_lookup = *
	rfc1413_query_timeout = 0s
	smtp_receive_timeout = 5s
	smtp_accept_max = 100
	smtp_accept_queue_per_connection = 0
	recipients_max = 200
	message_size_limit = 20000
	smtp_max_unknown_commands = 8
	smtp_enforce_sync = true
	acl_smtp_connect = connect
	acl_smtp_mail = mail
	acl_smtp_rcpt = rcpt
	acl_smtp_data = data
	tls_advertise_hosts = *
	tls_certificate = /etc/mx.pem
	tls_privatekey = /etc/mx.key
	ignore_bounce_errors_after = 0s
	END
	[ "$variant" != exim-all ] || echo "log_selector = +all"
	cat <<-'END'
	begin acl
	connect:
	  deny hosts = 127.66.0.0/16
	       message = Client unwelcome
	  accept
	mail:
	  defer senders = slow@bad.example
	        message = Not now
	  deny  senders = *@bad.example
	        message = Sender unwelcome
	  accept
	rcpt:
	  deny  domains = !+local_domains
	        message = relay not permitted
	  defer local_parts = ^later
	        message = Greylisted, come back later
	  deny  local_parts = full
	        message = 552 5.2.2 Mailbox full
	  accept local_parts = ^u[0-9]+\$
	  deny  message = Unknown user
	data:
	  deny  condition = ${if match{$h_Subject:}{REFUSE}}
	        message = No such thing here
	  defer condition = ${if match{$h_Subject:}{DEFER}}
	        message = Try that later
	  accept
	begin routers
	hole:
	  driver = redirect
	  data = :blackhole:
	END
	} | put /etc/exim4/exim4.conf
	add_authenticators
	own_files
}

start_exim() {
	case $variant in
	exim-debug)
		in_root exim4 -bd -d -q1h </dev/null \
		    2>"$out/exim.log" >/dev/null &
		;;
	*)
		in_root exim4 -bdf -q1h </dev/null &
		;;
	esac
	server_pid=$!
}

start() {
	start_exim
}

idle() {
	[ -z "$(find "$root/var/spool/exim4/input" -type f)" ]
}

stop() {
	until_true 20 idle || :
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
}

gather() {
	[ "$variant" != exim-debug ] || return 0
	cp "$root/var/log/exim4/mainlog" "$out/mainlog"
	[ ! -f "$root/var/log/exim4/rejectlog" ] ||
	    cp "$root/var/log/exim4/rejectlog" "$out/rejectlog"
}
