#!/bin/sh
# An index kept on disk (--keep-index): what becomes of a log and of an index
# between two runs, when it cannot be kept, and asking for it.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/keep_lib.sh
. "$abs_top_srcdir/tests/cli/keep_lib.sh"

# fresh: a log that is kept, in $log; its index is $index.
fresh() {
	rm -rf "$cache" "$work/one"
	mkdir "$work/one"
	log=$work/one/log
	cp "$work/base" "$log"
	touch -t 202611010000 "$log"
	agrees "a log" "$log"
	index=$(find "$cache" -name '*.index')
}

# reread NAME PATH...: one case; it is not used, and nobody is the wiser.
reread() {
	name=$1
	agrees "$@" && same "$name" "$resumed" 0
}

# reused NAME PATH...: one case; it is.
reused() {
	name=$1
	agrees "$@" || return 1
	if [ "$resumed" -gt 0 ]; then
		ok "$name"
	else
		not_ok "$name: it is read anew"
	fi
}

"$generate" --format=exchange-csv --sessions=100 --open=20 --seed="$seed" \
    -o "$work/base"

# --- what becomes of a log ----------------------------------------------------

fresh
reused "a log that is the same" "$log"
same "the folder is its owner's" "$(stat -c %a "$kept")" 700
same "the file is its owner's" "$(stat -c %a "$index")" 600
size=$(wc -c <"$log")
"$generate" --format=exchange-csv --sessions=100 --open=20 --seed=99 \
    -o "$work/other"
head -c "$size" "$work/other" >"$log"
reread "a log that another one took the place of" "$log"

fresh
printf X | dd of="$log" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
reread "a log that was written over in the middle" "$log"
fresh
printf X | dd of="$log" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
touch -t 202611010000 "$log"
reread "the same, its time put back" "$log"
fresh
printf X | dd of="$log" bs=1 seek=$((size / 2)) conv=notrunc 2>/dev/null
tail -c 5000 "$work/other" >>"$log"
reread "the same, and it has grown" "$log"
fresh
head -c $((size / 2)) "$work/base" >"$log"
reread "a log that was cut" "$log"
fresh
touch "$log"
reread "a log that may have been written over" "$log"
fresh
mv "$log" "$log.1"
head -c 30000 "$work/other" >"$log"
mv "$index" "$work/index.of.one"
agrees "a rotated log" "$log" "$log.1"
mv "$work/index.of.one" "$index"
reused "a log that was rotated, under its new name" "$log.1"

# Tables of several pieces: 70,000 sessions of two lines, then of three.
rm -rf "$cache"
mkdir "$work/large"
log=$work/large/log
head -n 5 "$work/base" >"$log"
awk 'BEGIN {
	for (i = 0; i < 140000; i++)
		printf "2026-11-01T%02d:%02d:%02d.000Z,EX\\In,%016X,%d," \
		    "10.0.0.5:25,192.0.2.%d:%d,%s,,\r\n", i / 3600 % 24,
		    i / 60 % 60, i % 60, int(i / 2) + 1, i % 2, i % 250,
		    2000 + i % 50000, i % 2 ? "-" : "+"
}' >>"$log"
touch -t 202611010000 "$log"
agrees "a large log" "$log"
same "it has so many sessions" "$(sed -n 's/^sessions: //p' \
    "$work/kept.stats")" 70000
reused "a log whose tables are large" "$log"
tail -n 5000 "$log" >"$work/more"
cat "$work/more" >>"$log"
reused "the same, and it has grown" "$log"
index=$(find "$cache" -name '*.index')
printf X | dd of="$index" bs=1 seek=4500000 conv=notrunc 2>/dev/null
reread "an index damaged in the second piece of a table" "$log"
rm -rf "$work/large"

# A set that is rotated, grows and is rotated again.
rm -rf "$cache" "$work/set"
mkdir "$work/set"
head -c 40000 "$work/base" >"$work/set/mail.log"
agrees "a set of one" "$work/set"
head -c 60000 "$work/base" >"$work/set/mail.log"
agrees "a set of one that has grown" "$work/set"
mv "$work/set/mail.log" "$work/set/mail.log.1"
tail -c +60001 "$work/base" | head -c 30000 >"$work/set/mail.log"
reused "a rotated set goes on in its new file" "$work/set"
mv "$work/set/mail.log.1" "$work/set/mail.log.2"
mv "$work/set/mail.log" "$work/set/mail.log.1"
tail -c +90001 "$work/base" | head -c 30000 >"$work/set/mail.log"
reused "and once more, all under other names" "$work/set"
reused "and as it is" "$work/set"
echo more >>"$work/set/mail.log.2"
reread "one of it that was over has grown" "$work/set"

# Several logs: each has its own, whichever are opened together.
rm -rf "$cache" "$work/two"
mkdir -p "$work/two/a" "$work/two/b"
cp "$work/base" "$work/two/a/log"
head -c 50000 "$work/other" >"$work/two/b/log"
agrees "two logs" "$work/two"
reused "two logs, kept together" "$work/two"
reused "one of them alone" "$work/two/b/log"
cp "$work/other" "$work/two/b/log"
reused "two logs, the other way round, one has grown" "$work/two/b/log" \
    "$work/two/a/log"

# --- what becomes of an index -------------------------------------------------

fresh
gzip "$log"
rm "$index"
reread "a compressed log" "$log.gz"
same "nothing is kept of it" "$(find "$cache" -name '*.index')" ""

fresh
chmod 644 "$index"
reread "an index that others may see" "$log"
fresh
agrees "with a zone, where the log tells it" --tz=+02:00 "$log"
check "is the same index" [ "$resumed" -gt 0 ]
agrees "with another clock" --skew=+2s "$log"
same "a clock of its own" "$(find "$cache" -name '*.index' | wc -l)" 2
fresh
head -c 3000 "$index" >"$work/cut" && cat "$work/cut" >"$index"
reread "an index that was cut" "$log"
: >"$index"
reread "an index without anything in it" "$log"
# Each page of it has one byte changed in turn.
fresh
cp "$index" "$work/whole"
bytes=$(wc -c <"$index")
at=$((seed % 64))
harmless=0
while [ $at -lt "$bytes" ]; do
	rm -f "$index"
	cp "$work/whole" "$index"
	chmod 600 "$index"
	was=$(od -An -tu1 -j $at -N 1 "$index" | tr -d ' ')
	# shellcheck disable=SC2059 # an octal escape
	printf "\\$(printf %o $(((was + 1) % 256)))" |
	    dd of="$index" bs=1 seek=$at conv=notrunc 2>/dev/null
	agrees "byte $at of an index is changed" "$log" || break
	[ "$resumed" -eq 0 ] || harmless=$((harmless + 1))
	at=$((at + 4099))
done
# What stands behind the head in its page is of no account.
if [ "$harmless" -le 1 ]; then
	ok "a byte is changed in each of $((bytes / 4099)) places"
else
	not_ok "$harmless changes of an index go unnoticed"
fi

# Two at once, twenty times over, while the log grows.
fresh
: >"$work/trouble"
for i in 1 2 3 4 5 6 7 8 9 10; do
	head -c $((size * i / 10)) "$work/base" >"$log"
	"$EHLOG" --no-config --print=json "$log" >"$work/plain" </dev/null
	for j in a b c; do
		"$EHLOG" --no-config --keep-index --print=json "$log" \
		    >"$work/json.$j" 2>>"$work/trouble" </dev/null &
	done
	wait
	for j in a b c; do
		cmp "$work/plain" "$work/json.$j" >>"$work/trouble" 2>&1
	done
done
same "three at once" "$(cat "$work/trouble")" ""
same "and nothing is left behind" "$(find "$kept" -name '*.part*')" ""

# --- when it cannot be kept ----------------------------------------------------

# refused NAME WORDS ARGUMENT...: one line is told, all sessions are there.
refused() {
	name=$1
	words=$2
	shift 2
	"$EHLOG" --no-config --print=json "$log" >"$work/plain" </dev/null
	run --no-config --keep-index --print=json "$@" "$log"
	exits "$name: exit status" 2
	has "$name: is told" "$err" "$words"
	same "$name: in one line" "$(wc -l <"$work/err")" 1
	same "$name: all sessions are there" "$(cat "$work/plain")" "$out"
	same "$name: nothing is left behind" \
	    "$(find "$cache" -type f 2>/dev/null)" ""
}

fresh
rm -rf "$cache"
: >"$work/file"
XDG_CACHE_HOME=$work/file refused "a folder that cannot be" \
    "the index cannot be kept"
mkdir -p "$kept"
chmod 777 "$kept"
refused "a folder where others write" "others could write there"
chmod 700 "$kept"
refused "more than may be kept" "--index-limit" --index-limit=1000
# A disk that is full, or as good as.
(
	ulimit -f 20
	"$EHLOG" --no-config --keep-index --print=none "$log" 2>"$work/err"
	echo $? >"$work/status"
)
same "no room left: exit status" "$(cat "$work/status")" 2
has "no room left: is told" "$(cat "$work/err")" "the index cannot be kept"
same "no room left: in one line" "$(wc -l <"$work/err")" 1
same "no room left: no half file stays" "$(find "$cache" -type f)" ""

# Those that were not used for longest make room.
rm -rf "$cache"
for i in 1 2 3 4; do
	mkdir -p "$work/many/$i"
	"$generate" --format=exchange-csv --sessions=100 --seed=$i \
	    -o "$work/many/$i/log"
	"$EHLOG" --no-config --keep-index --print=none "$work/many/$i/log"
	find "$cache" -name '*.index' -newer "$work/many/$i/log" \
	    -exec touch -t 20261101000$i {} +
done
: >"$kept/0000000000000000.index.part.abcdef"
touch -t 202611010000 "$kept/0000000000000000.index.part.abcdef"
echo mine >"$kept/mine"
total=$(cat "$kept"/*.index | wc -c)
mkdir "$work/many/5"
"$generate" --format=exchange-csv --sessions=100 --seed=5 -o "$work/many/5/log"
"$EHLOG" --no-config --keep-index --index-limit="$total" --print=none \
    "$work/many/5/log"
few=$(find "$kept" -name '*.index' | wc -l)
if [ "$few" -le 4 ] && [ "$few" -ge 1 ] &&
    [ "$(cat "$kept"/*.index | wc -c)" -le "$total" ]; then
	ok "older ones make room"
else
	not_ok "there are $few indexes of $total bytes at most"
fi
same "what was left of a run that was killed is gone" \
    "$(find "$kept" -name '*.part*')" ""
same "what is not an index stays" "$(cat "$kept/mine")" mine

# --- asking for it ---------------------------------------------------------------

fresh
rm -rf "$cache"
run --no-config --print=none "$log"
same "nothing is kept unasked" "$(find "$cache" 2>/dev/null)" ""
mkdir -p "$XDG_CONFIG_HOME/ehlog"
printf '[options]\nindex = keep\n' >"$XDG_CONFIG_HOME/ehlog/ehlog.conf"
run --index=memory --print=none "$log"
same "the command line goes first" "$(find "$cache" 2>/dev/null)" ""
run --print=none "$log"
same "the configuration asks for it" \
    "$(find "$cache" -name '*.index' | wc -l)" 1
rm "$XDG_CONFIG_HOME/ehlog/ehlog.conf"
run --no-config --index=kept --print=none "$log"
exits "an unknown word" 2
has "an unknown word is told" "$err" "neither keep nor memory"
done_testing
