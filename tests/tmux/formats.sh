#!/bin/sh
# The face and formats that come from files: a wrong file is told of in the
# status line, a line that a pattern ran wild over in the header.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"

own=$XDG_CONFIG_HOME/ehlog/formats
mkdir -p "$own"

# a_format NAME: any line of two words and a rest; no time.
a_format() {
	cat <<-CONF
	[format]
	name = $1
	sessions = keyed
	[words]
	in = <
	out = >
	[line]
	match = $1 (?<session>[a-z]\d) (?<rest>.*)
	[rule dialogue]
	match = (?<direction>[<>]) (?<text>.*)
	[rule wild]
	is = note
	match = o(?:v+)*[0-9]
	CONF
}

a_format good >"$own/good.conf"
a_format bad | sed 's/(?<text>/(/; s/o(/o((/' >"$own/bad.conf"
cat >"$work/good.log" <<-LOG
	good a7 > 220 mx.example.com
	good a7 < EHLO client.example.org
	good a7 > 250 mx.example.com
	good a7 < MAIL FROM:<ann@example.org>
	good a7 > 550 5.7.1 not from here
	good a7 o$(printf '%0100d' 0 | tr 0 v)
LOG

terminal 110 16
start_ehlog "$work/good.log"
sees "a user's format is read" "not from here"
sees "its name is in the header" "good.log   good"
sees "a line that met the limit is told of" "1 unreadable line"
sees "a wrong format file is told of, with its place" "bad.conf:"
done_testing
