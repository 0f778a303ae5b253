#!/bin/sh
# Parts of a log by --since and --until add up to the whole: each session is in
# the one part where it began, and is there as it is in the whole.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"
# shellcheck source=tests/fleet/lib.sh
. "$abs_top_srcdir/tests/fleet/lib.sh"

# part NAME [--since=A] [--until=B]: $work/NAME has its sessions.
part() {
	to=$work/$1
	shift
	"$EHLOG" --no-config --print=json "$@" "$log" >"$to" 2>"$work/err"
	[ $? -le 1 ] || {
		not_ok "$name: $*"
		sed 's/^/#   /' "$work/err"
	}
}

# outside FILE FROM TO: sessions that do not begin in [FROM, TO); times as
# JSON has them, which can be compared as text.  "-": no bound.
outside() {
	awk -v from="$2" -v to="$3" '{
		start = ""
		if (match($0, /"start":"[^"]*"/))
			start = substr($0, RSTART + 9, RLENGTH - 10)
		if ((from != "-" && start < from) || (to != "-" && start >= to))
			print start ": " substr($0, 1, 60)
	}' "$1"
}

# starts: of a file of JSON, those that are told, in order.
starts() {
	sed -n 's/.*"start":"\([^"]*\)".*/\1/p' "$1" | sort -u
}

# at FRACTION OF-HOW-MANY: a time at which some session begins.
at() {
	starts "$work/whole" | awk -v f="$1" -v of="$2" '{ t[NR] = $0 }
	END { print t[1 + int((NR - 1) * f / of)] }'
}

# adds_up BORDER BORDER: three parts.  The order of a part is that of the whole.
adds_up() {
	part 1 --until="$1"
	part 2 --since="$1" --until="$2"
	part 3 --since="$2"
	LC_ALL=C sort "$work/1" "$work/2" "$work/3" >"$work/sum"
	LC_ALL=C sort "$work/whole" | cmp -s - "$work/sum" || {
		same "$name: parts at $1 and $2 add up" \
		    "$(wc -l <"$work/sum") sessions in all" \
		    "$(wc -l <"$work/whole")"
		LC_ALL=C sort "$work/whole" | diff - "$work/sum" | head -n 4
		return 1
	}
	strangers=$(outside "$work/1" - "$1"; outside "$work/2" "$1" "$2"
	    outside "$work/3" "$2" -)
	[ -z "$strangers" ] || {
		same "$name: parts at $1 and $2 hold what began in them" \
		    "$strangers" ""
		return 1
	}
}

# cut_up NAME GENERATOR-OPTION...: the cases of one made-up log.
cut_up() {
	name=$1
	shift
	rm -rf "$work/log"
	mkdir "$work/log"
	log=$work/log/${file:-log}
	"$abs_top_builddir/tests/generate" --sessions=150 --seed=5 -o "$log" \
	    --truth="$work/truth" "$@" || {
		not_ok "$name: generate $*"
		return
	}
	touch -t 202612010000 "$log"
	part whole
	all=$(wc -l <"$work/truth")
	same "$name: all sessions are there" "$(wc -l <"$work/whole")" "$all"
	first=$(at 0 1)
	last=$(at 1 1)
	if [ -z "$first" ]; then
		# No session has a time: all are in the first part.
		part 1 --until=2000-01-01
		part 2 --since=2000-01-01
		check "$name: without a time all is before any" \
		    cmp "$work/whole" "$work/1"
		same "$name: and nothing behind" "$(wc -l <"$work/2")" 0
		return
	fi
	adds_up "$(at 1 3)" "$(at 2 3)" && adds_up "$first" "$last" &&
	adds_up "$(at 1 2)" "$(at 1 2)" && ok "$name: parts add up"
	part 1 --since=1990-01-01 --until=2099-01-01
	same "$name: all is in a part that is long enough" \
	    "$(wc -l <"$work/1")" "$all"
}

cut_up exchange-csv --format=exchange-csv
cut_up "exchange-csv, cut" --format=exchange-csv --start-cut --end-cut
cut_up exchange-ims --format=exchange-ims
cut_up "exchange-ims, glued" --format=exchange-ims --glue
for format in exim exim-default exim-debug iis hmailserver haraka postfix \
    postfix-verbose sendmail opensmtpd sendmail-x transcript halon mdaemon \
    smartermail postal stalwart kumomta qmail; do
	cut_up $format --format=$format
done
file=2026-11-23.log
cut_up communigate --format=communigate
file=
cut_up "postfix, ISO stamps" --format=postfix --date=iso

# Borders to the millisecond, and one that is written another way.
log=$work/here/var/log/mail.log
name="to the millisecond"
{
	csv_head
	for ms in 998 999 000 001; do
		second=10:59:59
		[ $ms -gt 500 ] || second=11:00:00
		csv_row $second.$ms $((1$ms)) 0 192.0.2.1:1001 +
		csv_row $second.$ms $((1$ms)) 1 192.0.2.1:1001 - '' Local
	done
} >"$log"
part whole
same "four sessions around an hour" "$(wc -l <"$work/whole")" 4
for border in 10:59:59.998 10:59:59.999 11:00:00 11:00:00.000 11:00:00.001; do
	part 1 --until=2026-11-01T$border
	part 2 --since=2026-11-01T$border
	cat "$work/1" "$work/2" >"$work/sum"
	check "parts at $border add up" cmp -s "$work/sum" "$work/whole"
done
part 1 --until=2026-11-01T11:00
same "what begins at the border is behind it" "$(wc -l <"$work/1")" 2
part 1 --until=2026-11-01T12:00+01:00
same "a border in another zone is the same moment" "$(wc -l <"$work/1")" 2

# The recipes.
if command -v parallel >/dev/null 2>&1; then
	mkdir -p "$HOME/.parallel" && : >"$HOME/.parallel/will-cite"
	fleet_log >"$log"
	part whole
	recipe parts
	exits "parts by parallel: exit status" 0
	LC_ALL=C sort "$work/whole" >"$work/sum"
	check "parts by parallel add up" test "$(LC_ALL=C sort \
	    "$work/here/sessions.json" | cksum)" = "$(cksum <"$work/sum")"
	{
		csv_head
		csv_session 1 10 192.0.2.1:1001 ann@example.com \
		    chris@play.com '250 2.1.5 Recipient OK'
	} | gzip >"$log.2.gz"
	{
		csv_head
		csv_session 2 12 192.0.2.2:1002 ann@example.com \
		    nobody@play.com '550 5.1.1 User unknown'
	} >"$log.1"
	recipe parallel-files
	same "a job a file" "$(sed 's/.*"peer":"\([^"]*\)".*/\1/' \
	    "$work/here/sessions.json")" "192.0.2.1${NL}192.0.2.2"
else
	echo "skip - parallel is not there"
fi
done_testing
