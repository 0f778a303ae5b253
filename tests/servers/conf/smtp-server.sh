# nodemailer's smtp-server from npm, logger on.
# shellcheck shell=sh disable=SC2034,SC2154
command -v npm >/dev/null 2>&1 || packages="nodejs npm"
about="app/smtp_server.js, logger: true, on standard output."

version() {
	sed -n 's/^ *"version": "\(.*\)".*/smtp-server \1/p' \
	    "$root/opt/npm/node_modules/smtp-server/package.json"
}

fetch() {
	npm_into smtp-server smtp-server@3
}

configure() {
	mkdir -p "$root/opt/app"
	cp "$here/app/smtp_server.js" "$root/opt/app"
}

start() {
	in_root node /opt/app/smtp_server.js /opt/npm >"$out/smtp-server.log" \
	    2>"$work/server.log" </dev/null &
	server_pid=$!
}

stop() {
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
}

gather() {
	:
}
