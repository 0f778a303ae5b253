#!/bin/sh
# doc/fleet.md: logs of two hosts by ssh, and work shared out by GNU parallel.
# Each host is an sshd of its own on loopback, with a folder as its root.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"
# shellcheck source=tests/fleet/lib.sh
. "$abs_top_srcdir/tests/fleet/lib.sh"
need bash
need ssh
need ssh-keygen
PATH=$PATH:/usr/sbin:/sbin
need sshd
sshd=$(command -v sshd)
real_ssh=$(command -v ssh)
servers=
at_exit() {
	# shellcheck disable=SC2086 # a list of numbers
	[ -z "$servers" ] || kill $servers 2>/dev/null
}

# Where root starts it, sshd wants the folder that its package makes at boot.
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$work/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$work/user_key"
cp "$work/user_key.pub" "$work/authorized"

# host NAME PORT: true when it answers.
host() {
	mkdir -p "$work/$1/var/log"
	cat >"$work/$1.sh" <<-SH
		PATH='$PATH'; export PATH
		ps -o pgid= -p \$\$ >'$work/$1.group'
		cd '$work/$1' && exec sh -c "\$SSH_ORIGINAL_COMMAND"
	SH
	cat >"$work/$1.conf" <<-CONF
		ListenAddress 127.0.0.1
		Port $2
		HostKey $work/host_key
		AuthorizedKeysFile $work/authorized
		PidFile none
		StrictModes no
		UsePAM no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		ForceCommand /bin/sh '$work/$1.sh'
	CONF
	cat >>"$work/ssh_config" <<-CONF
		Host $1
			HostName 127.0.0.1
			Port $2
	CONF
	"$sshd" -D -e -f "$work/$1.conf" 2>"$work/$1.err" &
	pid=$!
	tries=0
	until ssh "$1" true </dev/null 2>>"$work/$1.said"; do
		tries=$((tries + 1))
		if [ "$tries" -ge 50 ] || ! kill -0 "$pid" 2>/dev/null; then
			kill "$pid" 2>/dev/null
			return 1
		fi
		sleep 0.1
	done
	servers="$servers $pid"
}

cat >"$work/ssh_options" <<CONF
Host *
	User $(id -un)
	IdentityFile $work/user_key
	IdentitiesOnly yes
	BatchMode yes
	ConnectTimeout 20
	StrictHostKeyChecking accept-new
	UserKnownHostsFile $work/known
CONF
cat >"$work/bin/ssh" <<SH
#!/bin/sh
cat '$work/ssh_config' '$work/ssh_options' >'$work/ssh_both.'\$\$
'$real_ssh' -F '$work/ssh_both.'\$\$ "\$@"
SH
chmod +x "$work/bin/ssh"

# Another may have a port: the next is tried.
port=28022
for name in mx1 mx2; do
	until host "$name" "$port"; do
		port=$((port + 7))
		[ "$port" -lt 28092 ] || {
			sed 's/^/#   /' "$work/$name.err" "$work/$name.said"
			skip_all "sshd does not run here"
		}
		sed -i "/^Host $name\$/,\$d" "$work/ssh_config"
	done
	port=$((port + 7))
done

{
	csv_head
	csv_session 1 10 192.0.2.1:1001 ann@example.com chris@play.com \
	    '250 2.1.5 Recipient OK'
	csv_session 2 12 192.0.2.2:1002 ann@example.com nobody@play.com \
	    '550 5.1.1 User unknown'
} >"$work/mx1/var/log/mail.log"
{
	csv_head
	csv_session 3 11 198.51.100.3:1003 bob@example.org chris@play.com \
	    '451 4.7.0 Try again later'
} >"$work/mx2/var/log/mail.log"

# peers: of the table that a recipe wrote, in its order.
peers() {
	echo "$out" | grep -o '[0-9.]*\.[0-9]*\.[0-9]*\.[0-9]*' | tr '\n' ' '
}
one='192.0.2.1 192.0.2.2 '
both='192.0.2.1 198.51.100.3 192.0.2.2 '
recipe ssh-one
exits "one host: exit status" 0
same "one host" "$(peers)" "$one"
recipe ssh-packed
exits "one host, packed: exit status" 0
same "one host, packed" "$(peers)" "$one"
recipe ssh-hosts
exits "two hosts, commands: exit status" 0
same "two hosts, commands, in the order of time" "$(peers)" "$both"
has "the sources have the names that were given" "$out" mx2
recipe ssh-fifos
exits "two hosts, named pipes: exit status" 0
same "two hosts, named pipes, in the order of time" "$(peers)" "$both"
has "the sources have the names of the hosts" "$out" mx2
recipe ssh-bash
exits "two hosts, bash: exit status" 0
same "two hosts, bash, in the order of time" "$(peers)" "$both"
mv "$work/mx2/var/log/mail.log" "$work/mx2/var/log/away"
recipe ssh-fifos
has "what a host says of a log that it has not" "$err" "No such file"
same "the other host is read" "$(peers)" "$one"
mv "$work/mx2/var/log/away" "$work/mx2/var/log/mail.log"

if command -v parallel >/dev/null 2>&1; then
	mkdir -p "$HOME/.parallel" && : >"$HOME/.parallel/will-cite"
	recipe parallel-hosts
	exits "parallel: exit status" 0
	same "parallel: failed sessions of both hosts" \
	    "$(sed 's/^{"host":"\([^"]*\)","number":\([0-9]*\),.*/\1 \2/' \
		"$work/here/sessions.json")" "mx1 2${NL}mx2 1"
	recipe parallel-ask
	same "parallel: which host has such a session" "$out" mx1
else
	echo "skip - parallel is not there"
fi

# On the screen, with what comes; a connection that breaks is made again.
if command -v tmux >/dev/null 2>&1; then
	# shellcheck source=tests/tmux/lib.sh
	. "$abs_top_srcdir/tests/tmux/lib.sh"
	at_exit() {
		# shellcheck disable=SC2086 # a list of numbers
		kill $servers 2>/dev/null
		tm kill-server 2>/dev/null
		rm -rf "$tmux_folder"
	}
	recipe_text ssh-live | sed 's|/var/log|var/log|g' >"$work/live.sh"
	terminal 110 12
	command_line "PATH='$PATH' sh live.sh"
	sees "the list shows what both hosts have" "3 sessions"
	kill -- "-$(tr -d ' ' <"$work/mx1.group")"
	sees "a connection that breaks is told of" "mx1: ended"
	csv_session 4 13 192.0.2.4:1004 eve@example.net chris@play.com \
	    '250 2.1.5 Recipient OK' >>"$work/mx1/var/log/mail.log"
	sees "it is made again, and shows what came" "192.0.2.4"
	sees "no session is there twice" "4 sessions"
	csv_session 5 14 198.51.100.5:1005 eve@example.net chris@play.com \
	    '250 2.1.5 Recipient OK' >>"$work/mx2/var/log/mail.log"
	sees "the other host's log went on" "198.51.100.5"
	sees "each session once" "5 sessions"
	keys Q
else
	echo "skip - tmux is not there"
fi
done_testing
