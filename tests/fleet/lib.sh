# What the tests of doc/fleet.md share; sourced after tests/lib.sh.
#
# The recipes are those of the document: an indented block behind a line
# "<!-- recipe: NAME -->".  They run as they stand there, in a folder where
# var/log takes the place of /var/log, with $work/bin first in PATH.
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # for the tests; from tests/lib.sh
fleet_md=$abs_top_srcdir/doc/fleet.md
sql=$abs_top_srcdir/data/sql
export sql
mkdir -p "$work/bin" "$work/here/var/log"
cat >"$work/bin/ehlog" <<SH
#!/bin/sh
exec '$EHLOG' --no-config "\$@"
SH
chmod +x "$work/bin/ehlog"
PATH=$work/bin:$PATH

# need COMMAND [WORDS]: the test is skipped where it is missing.
need() {
	command -v "$1" >/dev/null 2>&1 || skip_all "${2-$1} is not there"
}

# recipe_text NAME
recipe_text() {
	awk -v mark="<!-- recipe: $1 -->" '
	$0 == mark { on = 1; next }
	on && /^    / { print substr($0, 5); seen = 1; next }
	on && seen { exit }' "$fleet_md"
}

# recipe NAME: runs it in $work/here; leaves $status, $out and $err.
recipe() {
	text=$(recipe_text "$1" | sed 's|/var/log|var/log|g')
	[ -n "$text" ] || {
		not_ok "doc/fleet.md has a recipe '$1'"
		return 1
	}
	(cd "$work/here" && bash -c "set -o pipefail
$text") >"$work/out" 2>"$work/err" </dev/null
	status=$?
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

# A session whose login was refused so many times.
# failed_logins SESSION HOUR PEER TIMES
failed_logins() {
	csv_row "$2:00:00.000" "$1" 0 "$3" +
	csv_row "$2:00:00.010" "$1" 1 "$3" '>' '220 mail.play.com ready'
	csv_row "$2:00:00.020" "$1" 2 "$3" '<' 'EHLO bot.example.net'
	csv_row "$2:00:00.030" "$1" 3 "$3" '>' '250  mail.play.com Hello'
	for turn in $(seq "$4"); do
		csv_row "$2:00:0$turn.000" "$1" $((turn * 2 + 2)) "$3" '<' \
		    'AUTH PLAIN'
		csv_row "$2:00:0$turn.500" "$1" $((turn * 2 + 3)) "$3" '>' \
		    '535 5.7.3 Authentication unsuccessful'
	done
	csv_row "$2:00:09.000" "$1" 20 "$3" - '' Local
}

# Eleven sessions; the answers below are read off this.
fleet_log() {
	csv_head
	csv_session 1 10 192.0.2.1:1001 ann@example.com chris@play.com \
	    '250 2.1.5 Recipient OK'
	csv_session 2 11 192.0.2.2:1002 ann@example.com nobody@play.com \
	    '550 5.1.1 User unknown'
	csv_session 3 11 192.0.2.3:1003 bob@example.org chris@play.com \
	    '451 4.7.0 Try again later'
	csv_session 4 12 192.0.2.3:1004 bob@example.org Chris@Play.com \
	    '451 4.7.0 Try again later'
	csv_session 5 12 192.0.2.4:1005 eve@example.net nobody@play.com \
	    '550 5.1.1 User unknown'
	csv_session 6 12 192.0.2.4:1006 ann@example.com eve@test.org \
	    '550 5.7.1 No relay'
	csv_row 13:00:00.000 7 0 192.0.2.5:1007 +
	csv_row 13:00:00.010 7 1 192.0.2.5:1007 '>' '220 mail.play.com ready'
	csv_row 13:00:00.020 7 2 192.0.2.5:1007 '<' 'EHLO host7.example.com'
	csv_row 13:00:00.030 7 3 192.0.2.5:1007 '>' '250  mail.play.com Hello'
	csv_row 13:00:00.040 7 4 192.0.2.5:1007 '<' 'MAIL FROM:<Ann@Example.com>'
	csv_row 13:00:00.050 7 5 192.0.2.5:1007 '>' \
	    '452 4.3.1 Insufficient system resources'
	csv_row 13:00:00.060 7 6 192.0.2.5:1007 - '' Local
	failed_logins 8 14 203.0.113.9:1008 2
	failed_logins 9 15 203.0.113.9:1009 1
	failed_logins 10 15 203.0.113.8:1010 1
	csv_session 11 12 192.0.2.6:1011 bob@example.org chris@play.com \
	    '451 4.7.0 Try again later'
}

# Who asked: mail from ann@example.com to nobody@play.com.
asked="INSERT INTO asked VALUES ('ann@example.com', 'nobody@play.com');"

fleet_answers() {
	cat <<-'ANSWERS'
	in|play.com|5|2|3
	in|test.org|1|1|0
	2026-11-01T11:00:00.000Z|192.0.2.2|ann@example.com|nobody@play.com|550|5.1.1|User unknown|permanent|mx1|mail.log|20
	2026-11-01T13:00:00.000Z|192.0.2.5|Ann@Example.com||452|4.3.1|Insufficient system resources|temporary|mx1|mail.log|75
	2026-11-01T12|2|2
	2026-11-01T11|1|1
	2026-11-01T13|1|1
	203.0.113.9|3|2|2026-11-01T14:00:00.000Z|2026-11-01T15:00:00.000Z
	203.0.113.8|1|1|2026-11-01T15:00:00.000Z|2026-11-01T15:00:00.000Z
	451|4.7.0|Try again later|3|2
	535|5.7.3|Authentication unsuccessful|3|2
	550|5.1.1|User unknown|2|2
	452|4.3.1|Insufficient system resources|1|1
	550|5.7.1|No relay|1|1
	ANSWERS
}
