#!/bin/sh
# An index kept on disk (--keep-index): whatever a log goes through between two
# runs, what is printed is what a run without it prints of the same bytes.
#
# KEEP_SEED and KEEP_STEPS change the dice, and how often a log grows.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

generate=$abs_top_builddir/tests/generate
seed=${KEEP_SEED:-1}
steps=${KEEP_STEPS:-3}
cache=$work/cache
kept=$cache/ehlog
export XDG_CACHE_HOME="$cache"

# cuts LENGTH: so many places in ascending order, the last at the end.
cuts() {
	seed=$((seed + 1))
	awk -v n="$steps" -v length_="$1" -v seed="$seed" 'BEGIN {
		srand(seed)
		for (i = 1; i < n; i++)
			print 2000 + int(rand() * (length_ - 2000))
		print length_ }' | sort -n
}

counts() {
	grep -E '^(bytes|lines|sessions|.*-lines):' "$1"
}

# agrees WORDS PATH...: a run that keeps prints what one that does not prints;
# in silence but for --stats.  Leaves $resumed, the bytes it did not read.
agrees() {
	words=$1
	shift
	"$EHLOG" --no-config --stats --print=json "$@" >"$work/plain" \
	    2>"$work/plain.stats" </dev/null
	"$EHLOG" --no-config --stats --keep-index --print=json "$@" \
	    >"$work/kept" 2>"$work/kept.stats" </dev/null
	resumed=$(sed -n 's/^kept-bytes: //p' "$work/kept.stats")
	resumed=${resumed:-0}
	counts "$work/plain.stats" >"$work/plain.counts"
	counts "$work/kept.stats" >"$work/kept.counts"
	if grep -q '^ehlog:' "$work/kept.stats" &&
	    ! grep -q '^ehlog:' "$work/plain.stats"; then
		not_ok "$words: is told something"
		sed 's/^/#   /' "$work/kept.stats"
		return 1
	fi
	cmp -s "$work/plain" "$work/kept" &&
	    cmp -s "$work/plain.counts" "$work/kept.counts" && return 0
	not_ok "$words"
	diff "$work/plain" "$work/kept" | head -4 | cut -c 1-400 |
	    sed 's/^/#   /'
	diff "$work/plain.counts" "$work/kept.counts" | sed 's/^/#   /'
	return 1
}

# grows NAME LOG: one case; the log is read each time that it has grown by
# something, which may end amid a line.
grows() {
	name=$1
	times=0
	rm -rf "$work/grown" "$cache"
	mkdir "$work/grown"
	log=$work/grown/$(basename "$2")
	length=$(wc -c <"$2")
	for cut in $(cuts "$length"); do
		head -c "$cut" "$2" >"$log"
		touch -t 202612010000 "$log"
		agrees "$name, seed $seed, at $cut" "$log" || return 1
		[ "$resumed" -eq 0 ] || times=$((times + 1))
	done
	agrees "$name, once more" "$log" || return 1
	if [ "$resumed" -eq 0 ] || [ "$times" -eq 0 ]; then
		not_ok "$name: nothing of it is read from what was kept"
	else
		ok "$name: is resumed $times times"
	fi
}

# grows_folder NAME FOLDER: the same of all its files at once.
grows_folder() {
	name=$1
	times=0
	rm -rf "$work/grown" "$cache"
	for part in 37 62 100; do
		mkdir -p "$work/grown"
		for log in "$2"/*; do
			seed=$((seed + 1))
			length=$(wc -c <"$log")
			head -c $((length * part / 100)) "$log" \
			    >"$work/grown/$(basename "$log")"
		done
		touch -t 202612010000 "$work"/grown/*
		agrees "$name, at $part of 100" "$work/grown" || return 1
		[ "$resumed" -eq 0 ] || times=$((times + 1))
	done
	same "$name: is resumed each time" "$times" 2
}

# made NAME GENERATOR-OPTION...
made() {
	name=$1
	shift
	rm -rf "$work/made"
	mkdir "$work/made"
	"$generate" --sessions=150 --seed="$seed" \
	    -o "$work/made/${file:-log}" "$@" || {
		not_ok "$name: generate $*"
		return 1
	}
	if [ -d "$work/made/log" ]; then
		grows_folder "$name" "$work/made/log"
	else
		grows "$name" "$work/made/${file:-log}"
	fi
}

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
agrees "with another zone" --tz=+02:00 "$log"
same "a zone of its own" "$(find "$cache" -name '*.index' | wc -l)" 2
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

# --- every format there is a generator of -----------------------------------

for open in 1 100; do
	for format in exchange-csv exchange-ims halon transcript exim \
	    exim-default exim-debug iis hmailserver haraka postfix \
	    postfix-verbose mdaemon smartermail postal stalwart kumomta \
	    qmail sendmail opensmtpd sendmail-x; do
		made "$format, $open at a time" --format=$format --open=$open
	done
	file=2026-11-23.log made "communigate, $open at a time" \
	    --format=communigate --open=$open
done
made "Receive log with other columns half way" --format=exchange-csv --bom \
    --reorder-fields
made "Receive log without session ids" --format=exchange-csv --zero-ids
made "Send log that begins and ends amid sessions" --format=exchange-csv \
    --kind=send --start-cut --end-cut
made "5.5, entries on one line" --format=exchange-ims --glue
made "5.5, German dates" --format=exchange-ims --date=de
made "iis, other columns half way" --format=iis --reorder-fields
made "sendmail-x, lines without their end" --format=sendmail-x --glue

# --- logs that real servers wrote -------------------------------------------

for log in "$abs_top_srcdir"/tests/logs/*/*; do
	case $log in
	*/README.md | */truth | */traffic) continue ;;
	*.gz)
		gzip -dc "$log" >"$work/$(basename "$log" .gz)"
		grows "${log#"$abs_top_srcdir"/tests/}" \
		    "$work/$(basename "$log" .gz)" ;;
	*) grows "${log#"$abs_top_srcdir"/tests/}" "$log" ;;
	esac
done
done_testing
