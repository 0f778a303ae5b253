# A real terminal for a test: a private tmux server, keys in, text out.
# Sourced after tests/lib.sh.  Nothing here sleeps for its own sake: wait_for
# looks until the text is there or the deadline has passed.
# shellcheck shell=sh

: "${work:?is set by tests/lib.sh}"
command -v tmux >/dev/null 2>&1 || skip_all "tmux is not there"

# A socket's path must be short: it stands under /tmp, not in the build tree.
tmux_folder=$(mktemp -d "${TMPDIR:-/tmp}/ehlog-tmux.XXXXXX") || exit 99

# What the person who runs the tests has around must not matter.
unset TMUX TMUX_PANE
export SHELL=/bin/sh

# Each terminal has a server of its own: one that is ending may still hold the
# socket.
tmux_number=0
tm() {
	tmux -S "$tmux_folder/socket$tmux_number" -f /dev/null "$@"
}

at_exit() {
	tm kill-server 2>/dev/null
	rm -rf "$tmux_folder"
}

# terminal COLUMNS ROWS [TERM]: a shell in a fresh window of that size.  The
# window stays when the shell ends.
terminal() {
	[ "$tmux_number" -eq 0 ] || tm kill-server 2>/dev/null
	tmux_number=$((tmux_number + 1))
	cat >"$work/shell" <<-SHELL
		export TERM=${3:-screen-256color} PS1='ready\$ ' LC_ALL='$LC_ALL'
		unset ENV HISTFILE TMUX TMUX_PANE
		cd '$work'
		exec /bin/sh
	SHELL
	tm new-session -d -x "$1" -y "$2" -s t /bin/sh "$work/shell" \; \
	    set-option -g remain-on-exit on \; \
	    set-option -g status off \; \
	    set-option -g escape-time 10 \; \
	    set-option -g window-size manual \; \
	    resize-window -t t -x "$1" -y "$2" ||
	    skip_all "tmux cannot start here"
	until_true is_ready || skip_all "no shell in tmux"
}

# What is on the screen now.
screen() {
	tm capture-pane -p -t t
}

# keys KEY...: by tmux's names (Enter, C-d, F1).
keys() {
	tm send-keys -t t "$@"
}

# type_text TEXT: to the letter.
type_text() {
	tm send-keys -l -t t "$1"
}

# command LINE: typed into the shell.
command_line() {
	type_text "$1"
	keys Enter
}

shows() {
	case $(screen) in *"$1"*) ;; *) return 1 ;; esac
}

hides() {
	! shows "$1"
}

dump_screen() {
	echo "# the screen:"
	screen | sed 's/^/#   |/'
}

# in_vain WORDS: shows the screen.
in_vain() {
	echo "# $*"
	dump_screen
	return 1
}

comes() {
	until_true shows "$1" || in_vain "waited in vain for: $1"
}

goes() {
	until_true hides "$1" || in_vain "waited in vain for this to go: $1"
}

# sees NAME TEXT: one case: the text comes up.
sees() {
	check "$1" comes "$2"
}

# loses NAME TEXT: one case: the text goes away.
loses() {
	check "$1" goes "$2"
}

# wait_for TEXT / wait_gone TEXT: on the way to a case; without it nothing that
# follows makes sense, so the test ends.
wait_for() {
	comes "$1" || give_up "'$1' comes up"
}

wait_gone() {
	goes "$1" || give_up "'$1' goes away"
}

give_up() {
	not_ok "$1"
	exit 1
}

# What is typed to start ehlog; leaves its process id in $work/pid.
cat >"$work/ehlog" <<-SHELL
	echo \$\$ >'$work/pid'
	exec '$EHLOG' "\$@"
SHELL

# start_ehlog ARGUMENTS: types the command; waits until the screen is up.
start_ehlog() {
	command_line "sh ehlog $*"
	until_true is_up || {
		in_vain "ehlog does not come up"
		give_up "ehlog $* comes up"
	}
}

# The header is the first line of the screen and counts the sessions.
is_up() {
	case $(screen | head -n 1) in *" session"*) ;; *) return 1 ;; esac
}

# The shell waits for a command: the cursor stands behind its prompt.  What was
# typed before that, a program that ends may throw away.
is_ready() {
	position=$(tm display-message -p -t t '#{cursor_x} #{cursor_y}')
	[ "${position% *}" -eq 7 ] || return 1
	case $(screen | sed -n "$((${position#* } + 1))p") in
	'ready$'*) ;;
	*) return 1 ;;
	esac
}

# back NAME: one case: the shell is back.
back() {
	check "$1" until_true is_ready || in_vain "no prompt"
}

# quit_ehlog: leaves from wherever it is; waits for the shell.
quit_ehlog() {
	keys Q
	wait_ready
}

wait_ready() {
	until_true is_ready || {
		in_vain "no prompt"
		give_up "the shell comes back"
	}
}
