#!/bin/sh
# What is no log, or cannot be read: a clear word that names the file, exit
# status 2, and the rest is still shown.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

four_log >"$work/RECV.LOG"

# trouble NAME PATH [WORD]: alone, and beside a good log.
trouble() {
	run --print=json "$2"
	exits "$1: exit status" 2
	same "$1: nothing on standard output" "$out" ""
	has "$1: the file is named" "$err" "$(basename "$2")"
	[ $# -lt 3 ] || has "$1: the reason is told" "$err" "$3"
	same "$1: told once" "$(echo "$err" | grep -c .)" 1
	run --print=json "$2" "$work/RECV.LOG"
	exits "$1 beside a good log: exit status" 2
	has "$1 beside a good log: the file is named" "$err" "$(basename "$2")"
	same "$1 beside a good log: the rest is shown" \
	    "$(echo "$out" | grep -c outcome)" 4
}

trouble "a missing file" "$work/missing.log" "No such file"

: >"$work/empty.log"
trouble "an empty file" "$work/empty.log" "empty"

dd if=/dev/zero of="$work/zero.bin" bs=1024 count=64 2>/dev/null
trouble "a file of NULs" "$work/zero.bin"
cp "$EHLOG" "$work/program.bin"
trouble "a program" "$work/program.bin"
printf 'dear diary,\n%s\n' "today nothing came" >"$work/diary.txt"
trouble "a text that is no log" "$work/diary.txt"
printf '%s\n' '#Software: Microsoft Exchange Server' '#Version: 15.0' \
    '#Log-type: Message Tracking Log' '#Date: 2026-11-01T00:00:00.000Z' \
    '#Fields: date-time,client-ip' >"$work/MSGTRK.LOG"
trouble "a log of another kind" "$work/MSGTRK.LOG" "message tracking"

mkdir "$work/hollow"
trouble "an empty folder" "$work/hollow"
mkdir "$work/photos"
echo x >"$work/photos/a.jpg"
trouble "a folder without logs" "$work/photos"

# Who may read everything cannot see what happens to others.
cp "$work/RECV.LOG" "$work/secret.log"
chmod 000 "$work/secret.log"
if ! cat "$work/secret.log" >/dev/null 2>&1; then
	trouble "a file that may not be read" "$work/secret.log" "denied"
elif setpriv --reuid=65534 --clear-groups "$EHLOG" --print=none \
    "$work/RECV.LOG" >/dev/null 2>&1; then
	setpriv --reuid=65534 --clear-groups "$EHLOG" --print=json \
	    "$work/secret.log" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	exits "a file that may not be read: exit status" 2
	has "a file that may not be read: the file is named" \
	    "$(cat "$work/err")" "secret.log"
	has "a file that may not be read: the reason is told" \
	    "$(cat "$work/err")" "denied"
else
	echo "skip - every file may be read here"
fi

# Links that lead in circles, and two names of one file: each log once.
mkdir -p "$work/ring/a/b"
cp "$work/RECV.LOG" "$work/ring/a"
ln "$work/ring/a/RECV.LOG" "$work/ring/again.LOG"
for link in up over round; do
	ln -s .. "$work/ring/a/$link"
	ln -s ../../a "$work/ring/a/b/$link"
done
ln -s knot "$work/ring/knot"
run --print=json "$work/ring"
exits "links that lead in circles: exit status" 0
same "links that lead in circles: each session once" \
    "$(echo "$out" | grep -c outcome)" 4
same "links that lead in circles: nothing to tell" "$err" ""
trouble "a link to itself" "$work/ring/knot" "symbolic links"

# A folder in the middle that may not be entered.
mkdir -p "$work/mid/closed"
cp "$work/RECV.LOG" "$work/mid"
chmod 000 "$work/mid/closed"
if ! ls "$work/mid/closed" >/dev/null 2>&1; then
	run --print=json "$work/mid"
else
	setpriv --reuid=65534 --clear-groups "$EHLOG" --print=json \
	    "$work/mid" >"$work/out" 2>"$work/err" </dev/null
	status=$? out=$(cat "$work/out") err=$(cat "$work/err")
fi
if [ -n "$out" ]; then
	exits "a folder that may not be entered: exit status" 2
	has "a folder that may not be entered: is told" "$err" \
	    "$work/mid/closed: Permission denied"
	same "a folder that may not be entered: in one line" \
	    "$(echo "$err" | grep -c .)" 1
	same "a folder that may not be entered: the rest is shown" \
	    "$(echo "$out" | grep -c outcome)" 4
else
	echo "skip - every folder may be entered here"
fi
chmod 700 "$work/mid/closed"

# Reading address 0 of a process gives an I/O error.
if [ -r /proc/self/mem ]; then
	run --print=json --format=exchange-csv /proc/self/mem
	exits "an I/O error: exit status" 2
	has "an I/O error: the file is named" "$err" "/proc/self/mem"
else
	echo "skip - no /proc/self/mem"
fi

# A half line at the end, NULs, junk in the middle: the rest is shown.
{
	four_log
	printf 'this is no line of the log\r\n\000\000\000\r\n'
	csv_session 9 14 192.0.2.9:1009 ann@example.com chris@play.com \
	    '550 5.7.1 No'
	printf '2026-11-01T15:00:00.000Z,EX01\\Default,00000000000'
} >"$work/torn.LOG"
run --print=json "$work/torn.LOG"
exits "a torn log: exit status" 0
same "a torn log: every session" "$(echo "$out" | grep -c outcome)" 5

# A line of 100 MB.
if [ "${EHLOG_SLOW:-1}" -eq 1 ]; then
	{
		csv_head
		csv_row 10:00:00.000 1 0 192.0.2.1:1001 +
		printf '2026-11-01T10:00:01.000Z,E,0000000000000001,1,,,<,EHLO '
		dd if=/dev/zero bs=1048576 count=100 2>/dev/null | tr '\0' x
		printf ',\r\n'
		csv_session 2 11 192.0.2.2:1002 bob@example.org a@play.com \
		    '550 5.1.1 User unknown'
	} >"$work/long.LOG"
	run --print=json --stats "$work/long.LOG"
	exits "a line of 100 MB: exit status" 0
	same "a line of 100 MB: every session" \
	    "$(echo "$out" | grep -c outcome)" 2
	check "a line of 100 MB: the output is no such line" \
	    test "$(wc -c <"$work/out")" -lt 300000
	rm -f "$work/long.LOG"
else
	echo "skip - a line of 100 MB takes too long here"
fi

# Standard output that takes no more.
if [ -w /dev/full ]; then
	"$EHLOG" --print=csv "$work/RECV.LOG" >/dev/full 2>"$work/err"
	status=$?
	exits "a full disk: exit status" 2
	check "a full disk: a word" test -s "$work/err"
fi
status=$({ "$EHLOG" --demo --print=table; echo $? >&3; } 3>&1 >/dev/null |
    cat)
same "a reader that leaves early is no trouble: before" "$status" 0
{ "$EHLOG" --demo --print=transcript 2>"$work/err"; echo $? >"$work/status"; } |
    head -n 1 >/dev/null
same "a reader that leaves early is no trouble: no word" \
    "$(cat "$work/err")" ""
done_testing
