#!/bin/sh
# Commands as sources: what they write is read as the file would be, their end
# and their words are told in one line, nothing of them is left behind.
# shellcheck disable=SC2016 # the $ are the commands' own
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

cd "$work" || exit 99
"$abs_top_builddir/tests/generate" --sessions=2000 -o plain.log ||
    skip_all "no log could be made"
four_log >four.log

# nameless: standard input with the source and the number of each session out.
nameless() {
	sed 's/"source":"[^"]*"/"source":""/'
}
"$EHLOG" --print=json plain.log 2>/dev/null | nameless >plain.json
same "the plain log has its sessions" "$(grep -c . <plain.json)" 2000

run --print=json --exec 'cat plain.log'
exits "a command: exit status" 0
nameless <out >got.json
check "a command is read as the file" cmp -s got.json plain.json
same "nothing is complained of" "$err" ""
has "its name is the command" "$(head -n 1 out)" '"source":"cat plain.log"'
run --print=json --exec 'gzip -c plain.log'
nameless <out >got.json
check "what it writes may be compressed" cmp -s got.json plain.json
run --print=json --spill="$work" --exec 'cat plain.log'
nameless <out >got.json
check "it may be kept in a spill" cmp -s got.json plain.json
run --print=json --exec 'head -n 3000 plain.log; tail -n +3001 plain.log'
nameless <out >got.json
check "a shell runs it" cmp -s got.json plain.json
same "it has nothing on standard input" "$(echo x | "$EHLOG" --print=json \
    --exec 'cat; cat four.log' 2>&1 | grep -c outcome)" 4
same "a command beside a file" "$("$EHLOG" --print=json plain.log \
    --exec 'cat four.log' 2>&1 | grep -c outcome)" 2004

# --- what becomes of it

run --print=json --exec 'cat four.log; echo "no more of it" >&2; exit 3'
exits "a command that fails: exit status" 2
same "is told in one line" "$err" \
    "ehlog: cat four.log; echo \"no more of it\" >&2; exit 3: ended with status 3: no more of it"
same "what it wrote is shown" "$(grep -c outcome out)" 4
run --print=json --host mx1 --exec 'echo one >&2; echo two >&2; exit 255'
exits "a command that writes nothing and fails: exit status" 2
same "its words are in the line" "$err" \
    "ehlog: mx1: ended with status 255: one / two"
run --print=json --host mx1 --exec 'no-such-command --at-all' four.log
exits "an unknown command: exit status" 2
has "an unknown command is told" "$err" "mx1: ended with status 127: "
has "it is named" "$err" "no-such-command"
same "in one line" "$(echo "$err" | grep -c .)" 1
same "the rest is shown" "$(grep -c outcome out)" 4
run --print=json --host mx1 --exec 'cat four.log; echo "a word" >&2'
exits "a command that ends well and says something: exit status" 0
same "is told, too" "$err" "ehlog: mx1: ended with status 0: a word"
run --print=json --host mx1 --exec 'cat four.log; kill -9 $$'
exits "a command that is killed: exit status" 2
has "is told" "$err" "mx1: was ended by signal 9"
same "what it wrote before is shown" "$(grep -c outcome out)" 4
run --print=json --host mx1 --exec 'echo "dear diary"'
exits "a command that writes no log: exit status" 2
has "is told" "$err" "mx1: "
run --print=json --exec ' '
exits "no command at all: exit status" 2
has "is told" "$err" "--exec: there is no command"
# What it says is no text of ours: no byte of it reaches a terminal raw.
run --print=json --host mx1 --exec \
    'printf "\033[31mred\007 \302\233 \tx\r\n\377\n" >&2; cat four.log; exit 1'
same "escape sequences in its words are shown" "$(printf %s "$err" |
    tr -d '\n' | LC_ALL=C tr -d ' -~' | wc -c | tr -d ' ')" 0
has "and the words are there" "$err" "[31mred"
run --print=json --host mx1 --exec \
    'i=0; while [ $i -lt 20000 ]; do echo "line $i of many"; i=$((i+1)); done >&2; exit 1'
has "of many words the last are told" "$err" "line 19999 of many"
check "and not all of them" [ "$(printf %s "$err" | wc -c)" -lt 600 ]

run --print=none --stats --host mx1 --exec 'cat four.log' --host mx2 \
    --exec 'cat four.log; exit 7'
has "--stats tells of each: one" "$err" "command: mx1: ended with status 0"
has "--stats tells of each: the other" "$err" \
    "command: mx2: ended with status 7"

# --- hosts

run --print=json --host mx1 --exec 'cat four.log' --host mx2 \
    --exec 'cat four.log' plain.log
exits "two hosts: exit status" 0
same "two hosts: the one" "$(grep -c '"source":"mx1"' out)" 4
same "two hosts: the other" "$(grep -c '"source":"mx2"' out)" 4
same "a file of a host" "$(grep -c '"source":"mx2:plain.log"' out)" 2000
run --print=json --filter=host:mx2 --host mx1 --exec 'cat four.log' \
    --host mx2 plain.log --host= four.log
same "host: chooses by host" "$(grep -c '"source":"mx2:plain.log"' out)" 2000
same "and nothing else" "$(grep -c outcome out)" 2000
run --print=json --filter='not host:mx*' --host mx1 --exec 'cat four.log' \
    --host= four.log
same "host: of what has none" "$(grep -c '"source":"four.log"' out)" 4
same "and nothing but that" "$(grep -c outcome out)" 4
run --print=json --host mx1 --exec 'cat four.log' --exec 'cat four.log'
same "two commands of a host: the first" "$(grep -c '"source":"mx1"' out)" 4
same "two commands of a host: the second" \
    "$(grep -c '"source":"mx1 (2)"' out)" 4
run --print=json --host mx1 four.log --host= four.log plain.log
same "a host of no name ends it" "$(grep -c '"source":"plain.log"' out)" 2000
for wrong in "--exec true --host mx1" "four.log --host mx1" \
    "--host mx1 --host mx2 four.log"; do
	# shellcheck disable=SC2086 # several words
	run --print=json $wrong
	exits "a host that names nothing ($wrong): exit status" 2
	has "is told ($wrong)" "$err" "--host=mx1 names nothing"
done

# --- followed: what ended is started again, and nothing comes twice

one() {
	csv_session "$1" 10 "192.0.2.$1:1000" "s$1@example.com" \
	    chris@play.com '250 2.1.5 Recipient OK'
}
# Each run gives all that there is by then, and adds a session for the next.
{ csv_head; one 1; } >grown.log
echo 1 >count
cat >grow <<'GROW'
cat grown.log
n=$(($(cat count) + 1))
echo $n >count
cat "next.$n" >>grown.log
exit 3
GROW
for n in 2 3 4; do
	one $n >next.$n
done
"$EHLOG" -f --print=json --limit=3 --host mx1 --exec 'sh grow' >out 2>err \
    </dev/null
same "three runs: three sessions, none twice" "$(sed \
    's/.*"from":"\(s[0-9]\).*/\1/' out | tr '\n' ' ')" "s1 s2 s3 "
has "each end is told" "$(cat err)" \
    "mx1: ended with status 3; starts again in 1 s"
# What a command says is told at once and no trouble; a bad end is.
"$EHLOG" -f --print=json --limit=2 --host mx1 --exec \
    'echo welcome >&2; exec sleep 1000' \
    --exec 'until grep -q welcome err; do sleep 0.05; done; cat four.log; exec sleep 1000' \
    >out 2>err </dev/null
same "a command that speaks, followed: exit status" $? 0
same "its words are told while it runs" "$(cat err)" "ehlog: mx1: welcome"
"$EHLOG" -f --print=json --limit=5 --host mx1 --exec 'cat four.log; exit 3' \
    --host mx2 --exec 'until grep -q "status 3" err; do sleep 0.05; done; cat plain.log; exec sleep 1000' \
    >out 2>err </dev/null
same "a command that ended badly, followed: exit status" $? 2

# --- nothing is left behind

# gone PID-FILE: the process whose number stands there is no more.
gone() {
	! kill -0 "$(cat "$1")" 2>/dev/null
}
# What goes on behind its own end of output is ended.
run --print=json --exec 'cat four.log; sleep 1000 >/dev/null 2>&1 & echo $! >left.pid'
same "a command that leaves another running: its log" \
    "$(grep -c outcome out)" 4
check "that one is ended" until_true gone left.pid
for signal in TERM HUP; do
	rm -f child.pid ehlog.pid
	sh -c 'echo $$ >ehlog.pid; exec "$@"' sh "$EHLOG" --print=json --exec \
	    'cat four.log; echo $$ >child.pid; sleep 1000' >out 2>err </dev/null &
	check "a command that runs on ($signal)" until_true [ -s child.pid ]
	kill -"$signal" "$(cat ehlog.pid)" 2>/dev/null
	wait
	check "ends with ehlog ($signal)" until_true gone child.pid
done
done_testing
