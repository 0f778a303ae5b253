#!/bin/sh
# The forms of --print, of a log of four sessions whose facts are known.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

log=$work/RECV.LOG
four_log >"$log"

run "$log"
exits "no terminal: exit status" 0
table=$out
run --print=table "$log"
same "no terminal: the table is the default" "$out" "$table"
for text in ann@example.com bob@example.org eve@example.net 192.0.2.1 \
    198.51.100.3 host1.example.com nobody@play.com '550 5.1.1 User unknown' \
    '451 4.7.0 Try again later' dropped; do
	has "table: $text" "$out" "$text"
done
same "table: codes in order" \
    "$(echo "$out" | grep -c '220 250 250 550 221')" 1
same "table: a row a session, and a head" "$(echo "$out" | grep -c .)" 5

run --print=csv "$log"
exits "csv: exit status" 0
same "csv: a head and a row a session, each ended by CR LF" \
    "$(grep -c "$(printf '\r')\$" "$work/out")" 5
fields=$(head -n 1 "$work/out" | tr -d '\r' | tr ',' '\n' | wc -l)
# None of these values holds a comma that is not quoted.
same "csv: as many fields in every row" "$(tr -d '\r' <"$work/out" |
    sed 's/"[^"]*"/x/g' | awk -F, -v n="$fields" 'NF != n')" ""
has "csv: the head names facts" "$(head -n 1 "$work/out")" "outcome"

run --print=json "$log"
exits "json: exit status" 0
same "json: an object a line" "$(grep -c '^{.*}$' "$work/out")" 4
out=$(sed 's/": */":/g; s/, *"/,"/g; s/\([[{]\) */\1/g; s/, *\([0-9]\)/,\1/g' \
    "$work/out")
first=$(echo "$out" | sed -n 1p)
second=$(echo "$out" | sed -n 2p)
third=$(echo "$out" | sed -n 3p)
fourth=$(echo "$out" | sed -n 4p)
for name in number format source key start end duration_ms direction peer port \
    server helo tls auth messages commands replies codes worst worst_enhanced \
    worst_text failed_command outcome first_line last_line lines; do
	same "json: $name is in every object" \
	    "$(echo "$out" | grep -c "\"$name\":")" 4
done
for fact in '"number":1' '"format":"exchange-csv"' '"source":"RECV.LOG"' \
    '"key":"0000000000000001"' '"start":"2026-11-01T10:00:00.000Z"' \
    '"end":"2026-11-01T10:00:01.500Z"' '"duration_ms":1500' '"direction":"in"' \
    '"peer":"192.0.2.1"' '"port":1001' '"server":"10.0.0.5:25"' \
    '"helo":"host1.example.com"' '"tls":null' '"auth":null' \
    '"from":"ann@example.com"' '"to":"chris@play.com"' '"commands":5' \
    '"replies":7' '"codes":[220,250,250,250,354,250,221]' \
    '"failed_command":null' '"outcome":"ok"' '"first_line":6' '"last_line":19' \
    '"lines":14'; do
	has "json, fine: $fact" "$first" "$fact"
done
for fact in '"number":2' '"worst":550' '"worst_enhanced":"5.1.1"' \
    '"worst_text":"User unknown"' '"outcome":"permanent"' \
    '"failed_command":"RCPT TO:<nobody@play.com>"' \
    '"codes":[220,250,250,550,221]' '"first_line":20'; do
	has "json, permanent: $fact" "$second" "$fact"
done
for fact in '"worst":451' '"worst_enhanced":"4.7.0"' '"outcome":"temporary"' \
    '"failed_command":"RCPT TO:<chris@play.com>"'; do
	has "json, temporary: $fact" "$third" "$fact"
done
for fact in '"outcome":"dropped"' '"codes":[220,250,250]' \
    '"recipients":[]' '"lines":7' '"duration_ms":20500' \
    '"failed_command":null'; do
	has "json, dropped: $fact" "$fourth" "$fact"
done
if command -v python3 >/dev/null 2>&1; then
	check "json: another reader takes every line" python3 -c '
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
sys.exit(len(rows) != 4 or rows[1]["messages"][0]["recipients"][0] != {
    "to": "nobody@play.com", "code": 550, "enhanced": "5.1.1",
    "text": "User unknown"})' "$work/out"
else
	echo "skip - python3 is not there"
fi

run --print=transcript --filter=code:550 "$log"
exits "transcript: exit status" 0
for text in 'EHLO host2.example.com' 'RCPT TO:<nobody@play.com>' \
    '550 5.1.1 User unknown' '221 2.0.0 closing'; do
	has "transcript: $text" "$out" "$text"
done
hasnt "transcript: no other session" "$out" "ann@example.com"

run --print=summary "$log"
exits "summary: exit status" 0
for text in permanent temporary dropped 192.0.2.1 '550 5.1.1 User unknown' \
    '451 4.7.0 Try again later'; do
	has "summary: $text" "$out" "$text"
done

run --print=none "$log"
exits "none: exit status" 0
same "none: nothing" "$out$err" ""
run --print=none --filter=is:tls "$log"
exits "none: 1 when no session was selected" 1

run --print=none --stats "$log"
has "stats: sessions" "$err" "4"
has "stats: bytes" "$err" "bytes"
has "stats: lines" "$err" "lines"
same "stats: not on standard output" "$out" ""
has "stats: the format, and how sure it is" "$err" "exchange-csv, 100 of 100: "
run --print=none --stats --format=exchange-ims "$log"
has "stats: a format that was asked for" "$err" "exchange-ims, asked for; "

# What no session owns can be listed; headers and blanks are none of it.
{
	csv_head
	echo "what is this"
	csv_row 10:00:00.000 1 0 192.0.2.1:1001 +
	echo
	printf 'and\033[2J this\n'
} >"$work/mixed.LOG"
strays=$(grep -n 'this' "$work/mixed.LOG" | sed 's/^/mixed.LOG:/; s/:\([0-9]*\):/:\1: /')
run --print=strays "$work/mixed.LOG"
exits "strays: there are some" 0
same "strays: just these lines, as they are" "$out" "$strays"
run --print=none --stats "$work/mixed.LOG"
has "strays: as many as were counted" "$err" "unowned-lines: 2"
run --print=strays "$log"
exits "strays: 1 when there are none" 1

run --print=picture "$log"
exits "an unknown form: exit status" 2
has "an unknown form is named" "$err" "picture"
has "and those that there are" "$err" "summary"

# A password in a log that shows it.
{
	csv_head
	csv_row 10:00:00.000 1 0 192.0.2.1:1001 +
	csv_row 10:00:00.100 1 1 192.0.2.1:1001 '>' '220 ready'
	csv_row 10:00:00.200 1 2 192.0.2.1:1001 '<' 'EHLO a.example.com'
	csv_row 10:00:00.300 1 3 192.0.2.1:1001 '>' '250 ok'
	csv_row 10:00:00.400 1 4 192.0.2.1:1001 '<' 'AUTH PLAIN AGFubgBzZXNhbWU='
	csv_row 10:00:00.500 1 5 192.0.2.1:1001 '>' '235 2.7.0 ok'
	csv_row 10:00:00.600 1 6 192.0.2.1:1001 '<' 'AUTH LOGIN'
	csv_row 10:00:00.700 1 7 192.0.2.1:1001 '>' '334 VXNlcm5hbWU6'
	csv_row 10:00:00.800 1 8 192.0.2.1:1001 '<' 'c2VzYW1l'
	csv_row 10:00:00.900 1 9 192.0.2.1:1001 '>' '535 5.7.3 no'
} >"$work/auth.LOG"
for form in table csv json transcript summary; do
	run --print=$form "$work/auth.LOG"
	hasnt "$form hides AUTH PLAIN" "$out" AGFubgBzZXNhbWU
	hasnt "$form hides AUTH LOGIN" "$out" c2VzYW1l
done
run --print=transcript --show-secrets "$work/auth.LOG"
has "--show-secrets shows AUTH PLAIN" "$out" AGFubgBzZXNhbWU
has "--show-secrets shows AUTH LOGIN" "$out" c2VzYW1l

# What postfix -v says of its inner doings is counted, or printed when asked.
while read -r line; do
	echo "Mar 11 19:38:21 mx postfix/smtpd[7]: $line"
done >"$work/verbose.log" <<'END'
connect from a[192.0.2.1]
match_list_match: a: no match
match_list_match: 192.0.2.1: no match
> a[192.0.2.1]: 220 mx ESMTP
watchdog_pat: 0x55d0
< a[192.0.2.1]: QUIT
> a[192.0.2.1]: 221 2.0.0 Bye
disconnect from a[192.0.2.1] quit=1 commands=1
END
run --print=transcript "$work/verbose.log"
hasnt "a transcript does not print inner doings" "$out" match_list
has "but how many lines there are" "$out" "= 2 raw lines"
has "and of one" "$out" "= 1 raw line
"
same "nothing else is left out" "$(grep -c . "$work/out")" 8
run --print=transcript --with-internals "$work/verbose.log"
has "--with-internals prints each" "$out" \
    "= smtpd[7]: match_list_match: 192.0.2.1: no match"
hasnt "and counts none" "$out" "raw line"
same "the whole session" "$(grep -c . "$work/out")" 9
done_testing
