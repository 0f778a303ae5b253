# Clients that write transcripts, against sink.py: what swaks and curl share.
# shellcheck shell=sh disable=SC2034,SC2154
about="One after the other against sink.py."
names="u1@example.net u2@example.net nobody@example.net later@example.net"

configure() {
	printf 'Subject: hello\n\none line\n' | put /tmp/plain
	printf 'Subject: REFUSE\n\none line\n' | put /tmp/refused
	PYTHONPATH=$here python3 -c 'import scenes
print("Subject: 550 5.7.1 rejected;\n 550 5.7.1 fake\n")
print("\n".join(scenes.FORGED))' | put /tmp/forged
}

start() {
	python3 "$here/sink.py" 127.0.0.1 25 "$out/truth" "$root/etc/mx.pem" \
	    "$root/etc/mx.key" &
	server_pid=$!
	until_true 20 test -f "$out/truth"
}

stop() {
	kill "$server_pid"
	wait "$server_pid" 2>/dev/null || :
}

gather() {
	:
}
