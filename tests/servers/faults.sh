#!/bin/sh
# Nothing of a comparer that finds no fault can be trusted: it must see each of
# these, in a log of protocol lines and in one that tells in words.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

here=$abs_top_srcdir/tests/servers
command -v python3 >/dev/null 2>&1 || skip_all "no python3 to compare with"
export PYTHONDONTWRITEBYTECODE=1

compare() {
	python3 "$here/compare.py" --show=0 "$1" "$truth" "$work/facts" \
	    "$work/log" >"$work/said" 2>&1
}

# sees VARIANT FAULT...: each changes the facts, as sed does, and is seen.
sees() {
	variant=$1
	shift
	for fault; do
		sed "$fault" "$work/right" >"$work/facts"
		if cmp -s "$work/right" "$work/facts"; then
			not_ok "$variant: $fault changes something"
		elif compare "$variant"; then
			not_ok "$variant: the comparer sees $fault"
		else
			ok "$variant: the comparer sees $fault"
		fi
	done
}

# The facts of a log of protocol lines are the truth, and how many commands.
truth=$abs_top_srcdir/tests/logs/haraka-protocol/truth
cp "$truth" "$work/log"
python3 - "$truth" >"$work/right" <<'END'
import json, re, sys
for line in open(sys.argv[1]):
    row = json.loads(line)
    row["commands"] = sum("sent" in one for one in row.pop("dialogue"))
    row["first_line"] = row["session"]
    text = json.dumps(row, separators=(",", ":"))
    print(re.sub(r"\\udc[89a-f][0-9a-f]", r"\\ufffd", text))
END
cp "$work/right" "$work/facts"
check "haraka-protocol: the comparer finds no fault in the truth" \
    compare haraka-protocol
sees haraka-protocol 's/"peer":"127.20.0.12"/"peer":"127.20.0.99"/' \
    's/"port":4/"port":5/' '/127.20.0.12/s/"helo":"c/"helo":"x/' \
    's/"outcome":"ok"/"outcome":"dropped"/' \
    's/"outcome":"dropped"/"outcome":"ok"/' \
    's/"outcome":"empty"/"outcome":"ok"/' \
    's/"tls":true/"tls":null/' '/old_helo/s/"from":"n/"from":"x/' \
    '/old_helo/s/"to":"u/"to":"x/' '/old_helo/s/"code":250/"code":251/' \
    '/beside/s/"code":550/"code":551/' \
    '/beside/s/"worst":550/"worst":450/' \
    '/beside/s/"text":"User/"text":"X/' \
    '/beside/s/"failed_command":"R/"failed_command":"X/' \
    '/old_helo/s/"codes":\[220,/"codes":[220,220,/' \
    '/old_helo/s/,221\]/]/' '/old_helo/s/"commands":5/"commands":6/' \
    '/old_helo/s/"commands":5/"commands":4/' \
    '/unread_text/s/"codes":\[220,/"codes":[250,/' \
    's/"enhanced":"2.7.0"/"enhanced":"2.7.1"/;s/5\.7\.8/5.7.9/' '$d' '7p'

# Of one that tells in words: what ehlog makes of it is right; faults are not.
truth=$abs_top_srcdir/tests/logs/exim-all/truth
cp "$abs_top_srcdir/tests/logs/exim-all/mainlog" "$work/log"
"$EHLOG" --no-config --format=exim --print=json "$work/log" >"$work/right" \
    2>"$work/err" </dev/null
cp "$work/right" "$work/facts"
check "exim-all: the comparer finds no fault in what is right" compare exim-all
sees exim-all 's/"port":4/"port":5/' \
    's/"helo":"relay/"helo":"x/' 's/"outcome":"ok"/"outcome":"empty"/' \
    's/"outcome":"temporary"/"outcome":"permanent"/' \
    's/"outcome":"dropped"/"outcome":"ok"/' 's/"tls":"TLS1[^"]*"/"tls":null/' \
    's/"from":"carol/"from":"x/' 's/"to":"u1@/"to":"x@/' \
    's/"code":552/"code":550/' 's/"worst":535/"worst":null/' \
    's/"worst":null,"worst_enhanced":null,"worst_text":"Unknown/"worst":450,"worst_enhanced":null,"worst_text":"Unknown/' \
    's/"failed_command":"RCPT/"failed_command":"MAIL/' \
    's/{"to":"nobody@[^}]*},\{0,1\}//' '$d' '7p'

# right VARIANT LOG [FORMAT]: the truth of another one, and what is right of it.
right() {
	truth=$abs_top_srcdir/tests/logs/$1/truth
	if [ -f "$abs_top_srcdir/tests/logs/$1/$2.gz" ]; then
		gzip -dc "$abs_top_srcdir/tests/logs/$1/$2.gz" >"$work/log"
	else
		cp "$abs_top_srcdir/tests/logs/$1/$2" "$work/log"
	fi
	"$EHLOG" --no-config --format="${3:-postfix}" --print=json "$work/log" \
	    >"$work/right" 2>"$work/err" </dev/null
	cp "$work/right" "$work/facts"
	check "$1: the comparer finds no fault in what is right" compare "$1"
}

# What became of mail behind a relay.
right postfix-relay mail.log
sees postfix-relay 's/"outcome":"permanent"/"outcome":"ok"/' \
    's/"outcome":"temporary"/"outcome":"permanent"/' \
    's/\("to":"nobody[^}]*"code":\)550/\1551/' \
    's/\("to":"later[^}]*"code":\)450/\1null/' \
    's/"to":"u1-/"to":"u2-/' 's/"enhanced":"4.4.1"/"enhanced":"4.4.2"/' \
    's/{"to":"ann[^}]*}//' 's/"worst":421/"worst":450/' \
    's/"failed_command":"end of DATA"/"failed_command":"RCPT"/' \
    's/"from":"ann/"from":"x/' '/"peer":"127.0.0.1"/d' \
    '1s/"peer":"[^"]*"/"peer":null/' '$p'

# The dialogue with the next hop.
right postfix-relay-verbose mail.log postfix-verbose
sees postfix-relay-verbose '/"direction":"out"/s/220,250,/220,/' \
    '/"direction":"out"/s/"outcome":"ok"/"outcome":"dropped"/' \
    '/"direction":"out"/s/"tls":"T[^"]*"/"tls":null/' \
    '/"peer":"127.0.0.66"/d' '/"peer":"127.0.0.67"/p'

# The same of OpenSMTPD, and its connections to the next hop.
right opensmtpd-relay maillog opensmtpd
sees opensmtpd-relay 's/"outcome":"permanent"/"outcome":"temporary"/' \
    's/"direction":"out","peer":"127.0.0.66"/"direction":"out","peer":"127.0.0.9"/' \
    '/"direction":"out"/s/"tls":"T[^"]*"/"tls":null/' \
    '/127.0.0.67/s/"outcome":"dropped"/"outcome":"ok"/' \
    '/127.0.0.66/d' 's/"auth":"ann"/"auth":null/' 's/"auth":"ann"/"auth":"x"/' \
    's/\("to":"nobody[^}]*"code":\)550/\1551/' \
    's/\("to":"later[^}]*"code":\)450/\1null/' 's/"to":"u1-/"to":"u2-/' \
    's/"worst":535/"worst":null/' '/"peer":"local"/d' '1s/"peer":"[^"]*"/"peer":null/' \
    '/"peer":"127.20.0.9"/p' '/"peer":"127.0.0.66"/p'

# The same of Exim: bounces are of the session whose message it was.
right exim-relay mainlog exim
sees exim-relay 's/"outcome":"permanent"/"outcome":"ok"/' \
    's/"outcome":"temporary"/"outcome":"permanent"/' \
    's/\("to":"nobody[^}]*"code":\)550/\1551/' \
    's/\("to":"later[^}]*"code":\)450/\1null/' \
    's/"to":"u1-/"to":"u2-/' 's/{"to":"ann[^}]*}//' \
    's/"failed_command":"RCPT/"failed_command":"MAIL/' \
    's/"auth":"ann"/"auth":""/' 's/"from":"ann/"from":"x/' '$p' '7p'

# What postscreen says, and what it hands over.
right postfix-screen mail.log
sees postfix-screen 's/"port":4/"port":5/' 's/"worst":450/"worst":550/' \
    's/"worst":550/"worst":450/' 's/"helo":"bare/"helo":"x/' \
    's/"outcome":"empty"/"outcome":"ok"/' \
    's/"outcome":"ok"/"outcome":"empty"/' 's/"to":"nobody@/"to":"x@/' '$p'
done_testing
