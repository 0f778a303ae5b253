# Haraka from npm: at level protocol, or at info as logfmt.
# shellcheck shell=sh disable=SC2034,SC2154
command -v npm >/dev/null 2>&1 || packages="nodejs npm"
about="Plugins: app/haraka_names.js, tls, auth/flat_file; time stamps on."

version() {
	sed -n 's/^ *"version": "\(.*\)".*/Haraka \1/p' \
	    "$root/opt/npm/node_modules/Haraka/package.json"
}

fetch() {
	npm_into haraka Haraka@3.1
}

configure() {
	level=protocol
	form=default
	case $variant in *logfmt) level=info form=logfmt ;; esac
	in_root node /opt/npm/node_modules/Haraka/bin/haraka -i /opt/haraka \
	    >/dev/null
	cp "$here/app/haraka_names.js" "$root/opt/haraka/plugins"
	put /opt/haraka/config/smtp.ini <<-'END'
	listen=127.0.0.1:25
	inactivity_timeout=5
	END
	printf 'level=%s\ntimestamps=true\nformat=%s\n' $level $form |
	    put /opt/haraka/config/log.ini
	printf 'tls\nauth/flat_file\nharaka_names\n' |
	    put /opt/haraka/config/plugins
	printf 'key=tls_key.pem\ncert=tls_cert.pem\n' |
	    put /opt/haraka/config/tls.ini
	cp "$root/etc/mx.key" "$root/opt/haraka/config/tls_key.pem"
	cp "$root/etc/mx.pem" "$root/opt/haraka/config/tls_cert.pem"
	put /opt/haraka/config/auth_flat_file.ini <<-'END'
	[core]
	methods=PLAIN,LOGIN
	[users]
	ann=secret
	END
	echo 20000 | put /opt/haraka/config/databytes
	echo mx.example.net | put /opt/haraka/config/me
}

start() {
	in_root node /opt/npm/node_modules/Haraka/bin/haraka -c /opt/haraka \
	    >"$out/haraka.log" 2>"$work/server.log" </dev/null &
	server_pid=$!
}

stop() {
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
}

gather() {
	:
}
