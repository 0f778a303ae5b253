# aiosmtpd of Debian, all its logging on.
# shellcheck shell=sh disable=SC2034,SC2154
packages="python3-aiosmtpd"
about="app/aiosmtpd_server.py on standard error."

version() {
	in_root /usr/bin/python3 -c 'import aiosmtpd
print("aiosmtpd", aiosmtpd.__version__)'
}

configure() {
	mkdir -p "$root/opt/app"
	cp "$here/app/aiosmtpd_server.py" "$root/opt/app"
}

start() {
	in_root /usr/bin/python3 /opt/app/aiosmtpd_server.py 2>"$out/mail.log" \
	    >"$work/server.log" </dev/null &
	server_pid=$!
}

stop() {
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
}

gather() {
	:
}
