#!/bin/sh
# Logs of clocks in several zones, and of clocks that are wrong: each session has
# the time that it had, whatever the clock of its log showed, and the sessions of
# all logs stand in the order in which they were.
#
# The generator writes what such a clock shows (--clock: seconds more than UTC)
# beside the truth.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"
# shellcheck source=tests/cli/keep_lib.sh
. "$abs_top_srcdir/tests/cli/keep_lib.sh"

compare=$abs_top_builddir/tests/compare
# Summer time by rules of the system's own: the last Sundays of March and October.
europe='CET-1CEST,M3.5.0,M10.5.0/3'

# write LOG TRUTH GENERATOR-OPTION...
write() {
	log=$1
	truth=$2
	shift 2
	rm -rf "$log"
	"$generate" --sessions=400 --truth="$truth" -o "$log" "$@"
	# Stamps without a year are of the year before a file was written.
	[ -d "$log" ] || touch -t 202612010000 "$log"
}

# agree NAME TRUTH: what ehlog printed into $work/out is the truth.
agree() {
	if ! [ -x "$compare" ]; then
		echo "skip - $1: no jansson to compare with"
		return
	fi
	# shellcheck disable=SC2154 # from run
	if [ "$status" -eq 0 ] &&
	    "$compare" "$2" "$work/out" >"$work/differences"; then
		ok "$1: $(tail -n 1 "$work/differences")"
	else
		not_ok "$1"
		sed 's/^/#   /' "$work/err" "$work/differences"
	fi
}

starts() {
	sed -n 's/.*"start":"\([^"]*\)".*/\1/p' "$@"
}

# --- one log, to the last session ------------------------------------------------

# of_clock FORMAT SECONDS OPTION...: with that of the clock said, the truth.
of_clock() {
	format=$1
	seconds=$2
	shift 2
	write "$work/log" "$work/truth" --format="$format" --clock="$seconds"
	run --no-config --print=json --display-tz=Z "$@" "$work/log"
	agree "$format by a clock of $seconds s, $*" "$work/truth"
}

of_clock postfix 0 --tz=Z
of_clock postfix -18000 --tz=-05:00
of_clock postfix 20700 --tz=+05:45
of_clock postfix 3690 --tz=+01:00 --skew=-90s
of_clock postfix -3600 --skew=1h --tz=Z
for format in exchange-ims exim-default hmailserver mailenable sendmail \
    transcript; do
	of_clock $format -16200 --tz=-03:30 --skew=1h
done
# These tell their zone: it is no other, but their clock may be wrong.
for format in exchange-csv haraka iis; do
	of_clock $format 120 --tz=+09:00 --skew=-2m
done

# --- two hosts, one list -----------------------------------------------------------

write "$work/mx1.log" "$work/truth1" --format=postfix --clock=19800 \
    --open=3 --pause=2000
write "$work/mx2.log" "$work/truth2" --format=postfix --clock=-18090 \
    --open=3 --pause=2000 --seed=2
set -- --host mx1 --tz=+05:30 "$work/mx1.log" \
    --host mx2 --tz=-05:00 --skew=90s "$work/mx2.log"
run --no-config --print=json --display-tz=Z "$@"
cp "$work/out" "$work/both"
starts "$work/both" >"$work/starts"
starts "$work/truth1" "$work/truth2" | sort >"$work/wanted"
check "two hosts in two zones are one list, in the order of time" \
    cmp -s "$work/starts" "$work/wanted"
same "in which both have a part all along" \
    "$(sed -n 's/.*"source":"\(mx.\):.*/\1/p' "$work/both" | uniq |
	awk 'END { print (NR > 40) }')" 1
for host in 1 2; do
	grep "\"source\":\"mx$host:" "$work/both" >"$work/out"
	agree "what is said of mx$host" "$work/truth$host"
done
# Without one it is in the zone of the first; the instants are the same.
run --no-config --print=json "$@"
same "else times are shown in the first zone" \
    "$(starts "$work/out" | grep -vc '+05:30$')" 0
same "which for the first host is what stands in its log" \
    "$(grep '"source":"mx1:' "$work/out" | starts | sort | head -n 1 |
	cut -c 12-19)" \
    "$(head -n 1 "$work/mx1.log" | cut -c 8-15)"
run --no-config --print=json --display-tz=+05:30 "$@"
same "as if it was asked for" "$(starts "$work/out" | head -n 3)" \
    "$("$EHLOG" --no-config --print=json "$@" | starts | head -n 3)"

# Parts by time are the whole, wherever the cut is and however it is said.
middle=$(sed -n 400p "$work/wanted")
run --no-config --print=json --display-tz=Z --since="$middle" "$@"
cp "$work/out" "$work/late"
run --no-config --print=json --display-tz=Z --until="$middle" "$@"
same "--since and --until go by the right times" \
    "$(cat "$work/out" "$work/late" | starts)" "$(cat "$work/wanted")"
same "the part before it" "$(starts "$work/out")" \
    "$(awk -v m="$middle" '$0 < m' "$work/wanted")"
run --no-config --print=json --display-tz=Z --since="${middle%Z}" "$@"
check "a time without a zone is of what is shown" \
    cmp -s "$work/out" "$work/late"
run --no-config --print=none --stats "$@"
has "--stats tells of the zone" "$err" ", zone +05:30$NL"
has "and of the skew" "$err" ", zone -05:00, skew +1m30s$NL"

# A command is a source like any other.
run --no-config --print=json --display-tz=Z --tz=-05:00 --skew=90s \
    --exec "cat '$work/mx2.log'"
same "a command has a zone, too" "$(starts "$work/out" | cut -c 5-)" \
    "$(starts "$work/truth2" | cut -c 5- | sort)"
"$EHLOG" --no-config --print=json --display-tz=Z --tz=-05:00 --skew=90s \
    <"$work/mx2.log" >"$work/out"
same "and standard input" "$(starts "$work/out" | sort | cut -c 5-)" \
    "$(starts "$work/truth2" | cut -c 5- | sort)"

# --- summer time --------------------------------------------------------------------

# connection STAMP PID: from one second to the next of a minute.
connection() {
	printf '%s:00 mx postfix/smtpd[%s]: connect from a.example[192.0.2.1]\n' \
	    "$1" "$2"
	printf '%s:09 mx postfix/smtpd[%s]: disconnect from a.example[192.0.2.1] ehlo=1 quit=1 commands=2\n' \
	    "$1" "$2"
}

{
	connection 'Mar 29 01:59' 1
	connection 'Mar 29 03:00' 2
	connection 'Jul  1 12:00' 5
	connection 'Oct 25 01:59' 3
	connection 'Oct 25 03:00' 4
} >"$work/summer.log"
{
	connection 'Mar 29 01:00' 11
	connection 'Jul  1 10:30' 14
	connection 'Oct 25 00:00' 12
	connection 'Oct 25 01:30' 13
} >"$work/utc.log"
touch -t 202612010000 "$work/summer.log" "$work/utc.log"
wanted="2026-03-29T00:59:00Z
2026-03-29T01:00:00Z
2026-03-29T01:00:00Z
2026-07-01T10:00:00Z
2026-07-01T10:30:00Z
2026-10-24T23:59:00Z
2026-10-25T00:00:00Z
2026-10-25T01:30:00Z
2026-10-25T02:00:00Z"
TZ=$europe
run --no-config --print=json --display-tz=Z --tz=local "$work/summer.log" \
    --tz=Z "$work/utc.log"
same "summer time begins and ends" "$(starts "$work/out")" "$wanted"
run --no-config --print=json --tz=local "$work/summer.log" --tz=Z \
    "$work/utc.log"
same "and is shown" "$(starts "$work/out")" "2026-03-29T01:59:00+01:00
2026-03-29T03:00:00+02:00
2026-03-29T03:00:00+02:00
2026-07-01T12:00:00+02:00
2026-07-01T12:30:00+02:00
2026-10-25T01:59:00+02:00
2026-10-25T02:00:00+02:00
2026-10-25T02:30:00+01:00
2026-10-25T03:00:00+01:00"
run --no-config --print=json --filter='start:2026-10-25T02:30' --tz=local \
    "$work/summer.log" --tz=Z "$work/utc.log"
same "an hour that comes twice is found" "$(starts "$work/out")" \
    "2026-10-25T02:30:00+01:00"
{
	connection 'Mar 29 00:30' 21
	connection 'Mar 29 01:05' 22
	connection 'Mar 29 01:45' 23
	connection 'Jul  1 12:00' 27
	connection 'Oct 25 00:30' 24
	connection 'Oct 25 00:45' 25
	connection 'Oct 25 01:30' 26
} >"$work/edges.log"
touch -t 202612010000 "$work/edges.log"
edges() {
	run --no-config --print=json --tz=Z "$1" --tz=local \
	    "$work/summer.log" --tz=Z "$work/edges.log" --display-tz=local
	starts "$work/out" | sed 's/^2026-//' | tr '\n' ' '
}
same "and nothing that is shown otherwise" \
    "$(edges '--filter=start:2026-10-25T02:30')" \
    "10-25T02:30:00+02:00 10-25T02:30:00+01:00 "
same "what begins in the hour that is none begins behind it" \
    "$(edges '--filter=start:2026-03-29T02:30..2026-03-29T03:10')" \
    "03-29T03:00:00+02:00 03-29T03:05:00+02:00 "
same "what ends there ends before it" \
    "$(edges '--filter=start:2026-03-29T01:00..2026-03-29T02:30')" \
    "03-29T01:30:00+01:00 03-29T01:59:00+01:00 "
same "so does --until" \
    "$(edges '--until=2026-03-29T02:30')" \
    "03-29T01:30:00+01:00 03-29T01:59:00+01:00 "
same "nothing is of that hour" "$(edges '--filter=start:2026-03-29T02:30')" ""
TZ=UTC
if "$EHLOG" --no-config --print=none --tz=Europe/Berlin "$work/utc.log" \
    2>"$work/err" && "$EHLOG" --no-config --print=none \
    --tz=America/New_York "$work/utc.log" 2>"$work/err"; then
	run --no-config --print=json --display-tz=Z --tz=Europe/Berlin \
	    "$work/summer.log" --tz=America/New_York "$work/utc.log"
	same "two zones of the database" "$(starts "$work/out")" \
	    "2026-03-29T00:59:00Z
2026-03-29T01:00:00Z
2026-03-29T05:00:00Z
2026-07-01T10:00:00Z
2026-07-01T14:30:00Z
2026-10-24T23:59:00Z
2026-10-25T02:00:00Z
2026-10-25T04:00:00Z
2026-10-25T05:30:00Z"
else
	has "no zone database, which is told" "$(cat "$work/err")" "is not known"
fi
run --no-config --print=transcript --tz=-05:00 --skew=-1m --display-tz=Z \
    "$work/utc.log"
has "a transcript has the right times" "$out" "2026-03-29T05:59:00Z"
has "line by line" "$out" "  05:59:09 "
run --no-config --print=summary --tz=-05:00 --display-tz=Z "$work/utc.log"
has "so has a summary" "$out" "first     2026-03-29T06:00:00Z"
has "by the hour" "$out" "2026-03-29 06:00 "
has "of which it says the zone" "$out" "Hour (UTC)"

# --- one log in several files ------------------------------------------------------

mkdir "$work/set"
connection 'Nov  1 10:00' 1 >"$work/set/mail.log.1"
connection 'Nov  2 10:00' 2 >"$work/set/mail.log"
touch -t 202612010000 "$work/set/mail.log" "$work/set/mail.log.1"
run --no-config --print=json --display-tz=Z --tz=+01:00 "$work/set/mail.log.1" \
    --tz=+02:00 "$work/set/mail.log"
exits "a set whose files have two zones: exit status" 2
same "one line tells" "$(wc -l <"$work/err" | tr -d ' ')" 1
has "of which" "$err" "mail.log: is of one log with"
same "and the first counts" "$(starts "$work/out")" "2026-11-01T09:00:00Z
2026-11-02T09:00:00Z"
run --no-config --print=json --display-tz=Z --tz=+01:00 "$work/set/mail.log.1" \
    --tz=+0100 "$work/set/mail.log"
exits "the same zone by two names: exit status" 0
run --no-config --print=json --display-tz=Z --tz=+01:00 "$work/set/mail.log" \
    --tz=+02:00 "$work/set/mail.log.1"
same "the first that is named, not the oldest" "$err" \
    "ehlog: $work/set/mail.log.1: is of one log with $work/set/mail.log, so its times are read as those are, whatever --tz or --skew says of it"
same "and that counts" "$(starts "$work/out")" "2026-11-01T09:00:00Z
2026-11-02T09:00:00Z"
for again in "$work/set/mail.log" "$work/set"; do
	run --no-config --print=json --tz=+01:00 "$again" --skew=5s \
	    "$work/set/mail.log"
	exits "a file that comes again with another clock: exit status" 2
	has "is told ($again)" "$err" "mail.log: was named or found before"
done
run --no-config --print=json --tz=+01:00 "$work/set/mail.log" "$work/set"
exits "a file, and its folder: exit status" 0

# --- indexes that are kept -----------------------------------------------------------

write "$work/kept.log" "$work/truth" --format=postfix --clock=0
for clock in --tz=Z --tz=+01:00 '--tz=+01:00 --skew=-1s' '--skew=1s'; do
	# shellcheck disable=SC2086 # options
	agrees "kept with $clock" $clock "$work/kept.log" &&
	    ok "kept with $clock"
	same "is no other's" "$resumed" 0
	# shellcheck disable=SC2086 # options
	agrees "kept with $clock, again" $clock "$work/kept.log" &&
	    check "kept with $clock, is found" [ "$resumed" -gt 0 ]
done
agrees "shown otherwise" --tz=+0100 --display-tz=Z "$work/kept.log" &&
    check "how times are shown is not kept" [ "$resumed" -gt 0 ]

# --- the configuration, and mistakes -------------------------------------------------

mkdir -p "$XDG_CONFIG_HOME/ehlog"
printf '%s\n' '[options]' 'tz = +05:30' 'display-tz = Z' '[zones]' \
    'mx2 = -05:00' '[skews]' 'mx2 = +90s' >"$XDG_CONFIG_HOME/ehlog/ehlog.conf"
run --print=json --host mx1 "$work/mx1.log" --host mx2 "$work/mx2.log"
check "the configuration knows the clocks of hosts" cmp -s "$work/out" \
    "$work/both"
printf '%s\n' '[zones]' 'mx2 = Mars/Olympus' \
    >"$XDG_CONFIG_HOME/ehlog/ehlog.conf"
run --print=json "$work/mx1.log"
exits "a zone that is none, there: exit status" 2
has "is told with its place" "$err" "ehlog.conf:2: mx2: zone 'Mars/Olympus'"
rm "$XDG_CONFIG_HOME/ehlog/ehlog.conf"
for wrong in "--tz=Mars/Olympus" "--tz=+25:00" "--display-tz=Mars/Olympus" \
    "--skew=later" "--skew=1h1h"; do
	run --print=json "$wrong" "$work/mx1.log"
	exits "$wrong: exit status" 2
	has "$wrong is told" "$err" "ehlog: ${wrong%%=*}: "
done
run --print=json --tz=Z "$work/mx1.log" --tz=+01:00
has "a zone of nothing is told" "$err" "--tz=+01:00 is of nothing"
run --print=json "$work/mx1.log" --skew=1h
has "a skew of nothing is told" "$err" "--skew=1h is of nothing"

done_testing
