#!/bin/sh
# Formats that come from files: each that is shipped gives what its samples
# ask for; a user's own works at once; a wrong one is told of, with its place,
# and stops nothing.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

own=$XDG_CONFIG_HOME/ehlog/formats
mkdir -p "$own"

for file in "$abs_top_srcdir"/data/formats/*.conf; do
	name=$(basename "$file" .conf)
	run --check-format "$file"
	exits "$name gives what its samples ask for" 0
	has "$name: the file has the format's name" "$out" "$name: "
	has "$name is installed" "$(cat "$abs_top_srcdir/Makefile.am")" \
	    "data/formats/$name.conf"
	run --list-formats
	has "$name is listed" "$NL$out" "$NL$name "
	# Of its first sample, as a log.
	awk '/^\[sample/ { n++ } n == 1 && /^line = / { print substr($0, 8) }' \
	    "$file" >"$work/sample.log"
	run --stats --print=none "$work/sample.log"
	has "$name is detected by what its sample says" "$err" \
	    "log: sample.log: $name, "
done
run --check-format "$abs_top_srcdir/data/formats/template.conf.example"
exits "the template gives what its samples ask for" 0

# MailEnable has no row for the reply to the message text.  The 221 of QUIT is
# not that reply, and the text is not one that was never answered.
row() {
	printf '11/23/26 10:00:0%s\tSMTP-IN\t0DD9E9D5.MAI\t872\t192.0.2.7\t' "$1"
	printf '%s\t%s\t%s\t42\t6\t\n' "${2%% *}" "$2" "$3"
}
{
	row 1 "" "220 mail.example.com ESMTP MailEnable Service"
	row 2 "EHLO client.example.org" "250-example.com [192.0.2.7]"
	row 2 "MAIL FROM:<ann@example.org>" "250 Requested mail action okay"
	row 3 "RCPT TO:<bob@example.com>" "250 Requested mail action okay"
	row 3 "DATA" "354 Start mail input; end with <CRLF>.<CRLF>"
	row 4 "MAIL FROM:<eve@example.org>" "250 Requested mail action okay"
	row 5 "RCPT TO:<bob@example.com>" "250 Requested mail action okay"
	row 5 "DATA" "354 Start mail input; end with <CRLF>.<CRLF>"
	row 7 "QUIT" "221 Service closing transmission channel"
} >"$work/SMTP-Activity-261123.log"
run --print=json "$work/SMTP-Activity-261123.log"
has "mailenable: QUIT ends the session" "$out" '"outcome":"ok"'
unknown='"code":null,"enhanced":null,"text":null,"id":null}'
has "mailenable: MAIL's reply is not that of the text before" "$out" \
    "],$unknown,{\"from\":\"eve@example.org\""
has "mailenable: nor is that of QUIT" "$out" "],$unknown],\"commands\":8"

# a_format NAME: a small format, with one sample.
a_format() {
	cat <<-CONF
	[format]
	name = $1
	title = A relay of our own
	origin = Example Relay
	sessions = keyed
	side = server
	time = %d.%m.%Y %H:%M:%S
	[words]
	in = <
	out = >
	[line]
	match = (?<time>[0-9.]+ [0-9:]+) (?<session>[0-9a-f]+) (?<rest>.*)
	[rule dialogue]
	match = (?<direction>[<>]) (?<text>.*)
	[rule from]
	is = open
	match = from (?<peer>\S+)
	[rule over]
	is = close
	match = over$
	[sample one]
	line = 23.11.2026 10:00:01 a7 < EHLO x
	gives = line in: EHLO x
	session = a7
	time = 2026-11-23T10:00:01
	CONF
}

# Two sessions at once.
a_log() {
	cat <<-'LOG'
	23.11.2026 10:00:00 a7 from 192.0.2.1
	23.11.2026 10:00:00 a7 > 220 relay.example.com
	23.11.2026 10:00:01 a7 < EHLO one.example.org
	23.11.2026 10:00:01 b8 from 192.0.2.2
	23.11.2026 10:00:01 a7 > 250 relay.example.com
	23.11.2026 10:00:01 b8 > 220 relay.example.com
	23.11.2026 10:00:02 a7 < MAIL FROM:<ann@example.org>
	23.11.2026 10:00:02 a7 > 250 fine
	23.11.2026 10:00:02 b8 < EHLO two.example.org
	23.11.2026 10:00:02 a7 < RCPT TO:<nobody@example.com>
	23.11.2026 10:00:02 b8 > 250 relay.example.com
	23.11.2026 10:00:03 a7 > 550 5.1.1 no such user
	23.11.2026 10:00:03 b8 < QUIT
	23.11.2026 10:00:03 b8 > 221 bye
	23.11.2026 10:00:03 a7 over
	23.11.2026 10:00:03 b8 over
	LOG
}

a_format relay >"$own/relay.conf"
a_log >"$work/relay.log"
run --check-format "$own/relay.conf"
exits "--check-format of a good file: exit status" 0
same "--check-format counts" "$out" "relay: 1 lines give the 1 events they should"
run --list-formats
has "--list-formats has the user's" "$out" "A relay of our own"
has "--list-formats has its origin" "$out" "Example Relay"
has "--list-formats has its file" "$out" "$own/relay.conf"
run --no-config --list-formats
hasnt "--no-config leaves the user's out" "$out" "A relay of our own"
run --print=json "$work/relay.log"
exits "a user's format is read: exit status" 0
same "a user's format: sessions" "$(grep -c outcome "$work/out")" 2
has "a user's format: peer, HELO, failure" "$(sed -n 1p "$work/out")" \
    '"failed_command":"RCPT TO:<nobody@example.com>"'
has "a user's format: the other session" "$(sed -n 2p "$work/out")" \
    '"outcome":"empty"'
run --format=relay --print=table "$work/relay.log"
exits "a user's format can be forced: exit status" 0

# The same name takes the place of one that comes with ehlog.
a_format mdaemon >"$own/mdaemon.conf"
run --list-formats
same "the same name stands once" "$(grep -c '^mdaemon ' "$work/out")" 1
has "and is the user's" "$(grep '^mdaemon ' "$work/out")" "A relay of our own"
rm "$own/mdaemon.conf"

# mistake NAME WORDS SED: a file that is wrong in one place.
mistake() {
	a_format wrong | sed "$3" >"$own/wrong.conf"
	run --check-format "$own/wrong.conf"
	exits "$1: exit status" 2
	has "$1: file, line, words" "$err" "$2"
	run --print=json "$work/relay.log"
	exits "$1: other formats still work" 0
	has "$1: a report tells of it" "$err" "wrong.conf"
	rm "$own/wrong.conf"
}

mistake "a broken pattern" "wrong.conf:14: missing closing parenthesis" \
    's/(?<text>.\*)$/(?<text>.*/'
has "a broken pattern: the caret stands where it breaks" "$err" "$NL    match = (?<direction>[<>]) (?<text>.*$NL                                         ^"
mistake "a group of no known name" "wrong.conf:14: there is no group 'txt'" \
    's/<text>/<txt>/'
has "a group of no known name: caret" "$err" "$NL                                  ^"
mistake "a missing group" "wrong.conf:14: the pattern has no group (?<text>" \
    's/ (?<text>.\*)$/ .*/'
mistake "no way to tell sessions apart" "no group (?<session>" \
    's/(?<session>\[0-9a-f\]+)/[0-9a-f]+/'
mistake "a circle" "wrong.conf:3: 'a' stands for itself: a circle" \
    's/^\[format\]/[define]\na = x%{b}\nb = %{a}y\n[format]/; s/^match = over/match = %{a}over/'
mistake "a piece that is not there" "wrong.conf:20: [define] has no 'gone'" \
    's/^match = over/match = %{gone}over/'
mistake "a key of no known name" "wrong.conf:6: there is no key 'sides'" \
    's/^side/sides/'
mistake "a section of no known name" "there is no section [wrds]" \
    's/^\[words\]/[wrds]/'
mistake "a form of time" "wrong.conf:7: there is no %Q" 's/%d.%m/%Q.%m/'
mistake "a value of no known kind" "'keyd' is none of keyed" 's/keyed/keyd/'
mistake "neither section nor key" "wrong.conf:2: neither" \
    's/^name = wrong/name/'

a_format wrong | sed 's/^gives.*/gives = line out: EHLO y/' >"$work/wrong.conf"
run --check-format "$work/wrong.conf"
exits "a sample that gives something else: exit status" 2
has "a sample that gives something else: direction" "$err" \
    "wrong.conf:23: the direction is in"
has "a sample that gives something else: text" "$err" 'text is "EHLO x"'
run --check-format "$work/nowhere.conf"
exits "a file that is not there: exit status" 2
has "a file that is not there is named" "$err" "nowhere.conf: No such file"

# A pattern that runs wild: the line is lost, and counted, and no more.
a_format wild | sed 's/^match = over\$/match = o(?:v+)*[0-9]/' >"$own/wild.conf"
{
	a_log
	printf '23.11.2026 10:00:04 c9 o%s\n' "$(printf '%0100d' 0 | tr 0 v)"
} >"$work/wild.log"
run --format=wild --print=json --stats "$work/wild.log"
exits "a pattern that runs wild: exit status" 0
same "a pattern that runs wild: the other lines are read" \
    "$(grep -c outcome "$work/out")" 2
has "a pattern that runs wild: its line is counted" "$err" \
    "unreadable-lines: 1"
rm "$own/wild.conf"

# Passwords are hidden in what a format file reads, too.
{
	a_log | sed '/ > 250 relay/q'
	cat <<-'LOG'
	23.11.2026 10:00:02 a7 < AUTH PLAIN AGFubgBzZWNyZXQx
	23.11.2026 10:00:02 a7 > 535 5.7.8 no
	23.11.2026 10:00:03 a7 < AUTH LOGIN
	23.11.2026 10:00:03 a7 > 334 VXNlcm5hbWU6
	23.11.2026 10:00:03 a7 < YW5u
	23.11.2026 10:00:03 a7 > 334 UGFzc3dvcmQ6
	23.11.2026 10:00:03 a7 < c2VjcmV0Mg==
	23.11.2026 10:00:04 a7 > 535 5.7.8 no
	23.11.2026 10:00:05 a7 over
	LOG
} >"$work/auth.log"
printf '%s\n' 'Nov 23 03:47:57 mx courieresmtpd[26762]: started,ip=[192.0.2.7]' \
    'Nov 23 03:47:58 mx courieresmtpd[26762]: error,relay=::ffff:192.0.2.7,msg="535 Authentication failed.",cmd: AUTH PLAIN AGFubgBzZWNyZXQx ann' \
    >"$work/courier.log"
for form in transcript json csv summary strays table; do
	for log in auth courier; do
		run --print=$form "$work/$log.log"
		[ $form = strays ] || exits "$log.log as $form" 0
		hasnt "$log.log as $form: AUTH PLAIN" "$out" AGFubgBz
		hasnt "$log.log as $form: AUTH LOGIN" "$out" c2VjcmV0
	done
done
run --print=transcript "$work/auth.log"
has "what was hidden is said to be" "$out" "AUTH PLAIN [hidden]"
run --print=transcript --show-secrets "$work/auth.log"
has "--show-secrets shows it" "$out" AGFubgBzZWNyZXQx
done_testing
