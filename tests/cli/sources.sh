#!/bin/sh
# Logs that are no plain files: compressed, in archives, through pipes.  What
# is read of them is what is read of the plain file; what is wrong with them is
# told in one line, and the rest is shown.
# shellcheck disable=SC2002 # that a pipe is there is the point
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

cd "$work" || exit 99
"$abs_top_builddir/tests/generate" --sessions=2000 -o plain.log ||
    skip_all "no log could be made"
four_log >RECV.LOG

# json FILE...: all sessions, their source left out.
json() {
	"$EHLOG" --print=json "$@" 2>err </dev/null |
	    sed 's/"source":"[^"]*"/"source":""/'
}
json plain.log >plain.json
same "the plain log has its sessions" "$(grep -c . <plain.json)" 2000

has_archive=yes
"$EHLOG" --print=none /dev/null 2>/dev/null
printf 'BZh91AY&SYxxxx' >probe.bz2
run --print=none probe.bz2
case $err in *"without libarchive"*) has_archive=no ;; esac
rm probe.bz2

# form NAME TOOL SOURCE COMMAND: COMMAND makes the file NAME of plain.log.
form() {
	if ! command -v "$2" >/dev/null 2>&1; then
		echo "skip - $1: no $2 here"
		return
	fi
	if [ "$2" != gzip ] && [ $has_archive = no ]; then
		echo "skip - $1: built without libarchive"
		return
	fi
	eval "$4"
	json "$1" >got.json
	check "$1 is read as the plain file" cmp -s got.json plain.json
	same "$1: nothing is complained of" "$(cat err)" ""
	same "$1: its name" "$("$EHLOG" --print=json --limit=1 "$1" |
	    sed 's/.*"source":"\([^"]*\)".*/\1/')" "$3"
	# By content, not by name.
	cp "$1" noname
	case $3 in "$1")
		json noname >got.json
		check "$1 without its name" cmp -s got.json plain.json ;;
	esac
}
form p.gz gzip p.gz 'gzip -c plain.log >p.gz'
form p.bz2 bzip2 p.bz2 'bzip2 -c plain.log >p.bz2'
form p.xz xz p.xz 'xz -0 -c plain.log >p.xz'
form p.zst zstd p.zst 'zstd -q -c plain.log >p.zst'
form p.lz4 lz4 p.lz4 'lz4 -q -c plain.log >p.lz4'
form p.zip zip p.zip:plain.log 'zip -q p.zip plain.log'
form p.tar bsdtar p.tar:plain.log 'bsdtar -cf p.tar plain.log'
form p.tgz bsdtar p.tgz:plain.log 'bsdtar -czf p.tgz plain.log'
{ head -n 99 plain.log | gzip -c; tail -n +100 plain.log | gzip -c; } >two.gz
form two.gz gzip two.gz :

# --- a rotated set, the older ones compressed: as the log in one piece

whole=$abs_top_srcdir/tests/logs/postfix-relay/mail.log
n=$(($(wc -l <"$whole") / 3))
mkdir set
head -n $n "$whole" | gzip -c >set/mail.log.2.gz
tail -n +$((n + 1)) "$whole" | head -n $n >set/mail.log.1
tail -n +$((2 * n + 1)) "$whole" >set/mail.log
json "$whole" >whole.json
json set >got.json
check "a rotated set, by its folder" cmp -s got.json whole.json
json set/mail.log set/mail.log.1 set/mail.log.2.gz >got.json
check "a rotated set, by its names" cmp -s got.json whole.json
same "it is one log" "$("$EHLOG" --print=json set |
    sed 's/.*"source":"\([^"]*\)".*/\1/' | sort -u)" 'mail.log*'

# --- pipes

cat plain.log | "$EHLOG" --print=json >out 2>err
sed 's/"source":"[^"]*"/"source":""/' out >got.json
check "a pipe is read as the plain file" cmp -s got.json plain.json
same "a pipe: nothing is complained of" "$(cat err)" ""
has "a pipe: its name" "$(head -n 1 out)" '"source":"standard input"'
cat p.gz | "$EHLOG" --print=json - 2>&1 |
    sed 's/"source":"[^"]*"/"source":""/' >got.json
check "a compressed log through a pipe" cmp -s got.json plain.json
"$EHLOG" --print=json <plain.log | sed 's/"source":"[^"]*"/"source":""/' \
    >got.json
check "a file on standard input" cmp -s got.json plain.json
mkfifo fifo
cat plain.log >fifo &
"$EHLOG" --print=json fifo 2>&1 </dev/null |
    sed 's/"source":"[^"]*"/"source":""/' >got.json
wait
check "a named pipe" cmp -s got.json plain.json

same "a pipe between files" "$(cat plain.log |
    "$EHLOG" --print=json RECV.LOG - p.gz | grep -c .)" 4004
same "a pipe that is named twice is read once" "$(cat RECV.LOG |
    "$EHLOG" --print=json - - | grep -c .)" 4
same "the last line needs no end" "$(printf %s "$(cat RECV.LOG)" |
    "$EHLOG" --print=json | grep -c .)" 4

"$EHLOG" --print=json </dev/null >out 2>err
status=$?
same "nothing on standard input is no log: exit status" $status 2
has "nothing on standard input: the usage is told" "$(cat err)" "Usage:"
printf '' | "$EHLOG" --print=json >out 2>err
same "an empty pipe" "$(cat err)" "ehlog: standard input: it is empty"
echo "dear diary" | "$EHLOG" --print=json >out 2>err
status=$?
same "a pipe without a log: exit status" $status 2
same "a pipe without a log: told once" "$(grep -c "standard input: " err)" 1

# The one who writes is not kept waiting when ehlog has gone.
run --no-such-option
check "ehlog leaves a pipe at once when it cannot go on" timeout 20 sh -c \
    "yes | '$EHLOG' --no-such-option 2>'$work/err'; true"

# --- folders

mkdir -p folder/deep
cp p.gz folder/a.log.gz
cp RECV.LOG folder/deep
echo "dear diary" | gzip -c >folder/diary.gz
same "a compressed log in a folder is taken like a plain one" \
    "$(json folder | grep -c .)" 2004
same "and what is none in it is passed over" "$(cat err)" ""

# --- limits and the spill

run --print=none --stats p.gz
percent=$(echo "$err" | sed -n 's/^packed-percent: \([0-9]*\)\..*/\1/p')
check "kept text takes at most 15 % ($percent)" [ "${percent:-100}" -lt 15 ]
same "all of the text is kept" \
    "$(echo "$err" | sed -n 's/^packed-text: //p')" \
    "$(wc -c <plain.log | tr -d ' ')"
json --spill="$work" p.gz >got.json
check "kept in a spill: the same sessions" cmp -s got.json plain.json
run --print=none --stats --spill="$work" p.gz
memory=$(echo "$err" | sed -n 's/^packed-memory: //p')
check "and nearly no memory ($memory)" [ "${memory:-99999}" -lt 4096 ]
# shellcheck disable=SC2144 # at most one
check "and nothing stays in the folder" [ ! -e "$work"/ehlog-?????? ]
# A disk that is full: here a limit on how long a file may be.
(
	ulimit -f 64
	exec "$EHLOG" --print=json --spill="$work" p.gz 2>err
) | sed 's/"source":"[^"]*"/"source":""/' | cat >got.json
check "a spill that is full: all sessions are there" cmp -s got.json plain.json
has "it is told, and where the rest is" "$(cat err)" \
    "--spill: $work: File too large; the rest stays in memory"
run --print=json --spill="$work/nowhere" p.gz
exits "a folder for it that is not there: exit status" 2
has "is told" "$err" "--spill: $work/nowhere: No such file"

run --print=json --unpack-limit=100K p.gz
exits "more text than the limit: exit status" 2
same "is told in one line" "$err" \
    "ehlog: p.gz: holds more than 102400 bytes: the rest is left out (--unpack-limit)"
head -c 102400 plain.log >head.log
run --print=json --unpack-limit=102400 p.gz
sed 's/"source":"[^"]*"/"source":""/' "$work/out" >got.json
json head.log >head.json
check "and what is below it is shown" cmp -s got.json head.json
for bad in 0 x 10X '' 99999999999999999999 99999999T; do
	run --print=json "--unpack-limit=$bad" p.gz
	has "no size: '$bad'" "$err" "is no size"
done

# --- what is wrong

# wrong NAME FILE WORDS: one line, beside a good log that is shown.
wrong() {
	run --print=json "$2" RECV.LOG
	exits "$1: exit status" 2
	has "$1: is told" "$err" "$3"
	same "$1: in one line" "$(echo "$err" | grep -c .)" 1
	check "$1: the rest is shown" [ "$(grep -c . <"$work/out")" -ge 4 ]
}
head -c 50000 p.gz >cut.gz
gzip -dc <cut.gz >cut.log 2>/dev/null
wrong "a gzip that was cut" cut.gz "cut.gz: ends too early"
json cut.log >cut.json
json cut.gz >got.json
check "what there is of it is shown" cmp -s got.json cut.json
head -c 20 p.gz >stump.gz
wrong "a gzip with nothing but its head" stump.gz "stump.gz: ends too early"
: | gzip -c >empty.gz
wrong "a gzip of nothing" empty.gz "empty.gz: it is empty"
gzip -c p.gz >twice.gz
wrong "gzip of gzip" twice.gz "twice.gz: holds gzip once more"
printf '7z\274\257\047\034aaaaaaaa' >a.7z
wrong "an archive of another kind" a.7z "a.7z: is a 7-Zip archive"
if [ $has_archive = yes ] && command -v zip >/dev/null 2>&1; then
	zip -q -P secret pw.zip plain.log
	wrong "a password" pw.zip \
	    "pw.zip:plain.log: is protected by a password"
	zip -q nest.zip p.gz
	wrong "an archive in an archive" nest.zip \
	    "nest.zip:p.gz: holds gzip once more"
	cp RECV.LOG two.log
	zip -q some.zip p.gz two.log RECV.LOG
	run --print=json some.zip
	same "the other files of an archive are shown" \
	    "$(echo "$out" | grep -c outcome)" 8
	has "and each has its name" "$out" '"source":"some.zip:two.log"'
	# One of its files, named as ehlog names it.
	run --print=json some.zip:two.log
	exits "a file of an archive by its name: exit status" 0
	same "a file of an archive by its name" \
	    "$(echo "$out" | grep -c '"source":"some.zip:two.log"')" 4
	same "and no other" "$(echo "$out" | grep -c outcome)" 4
	for twice in "p.zip p.zip:plain.log" "p.zip:plain.log p.zip"; do
		# shellcheck disable=SC2086 # two names
		json $twice >got.json
		check "an archive and its file ($twice): read once" \
		    cmp -s got.json plain.json
		same "and nothing is complained of ($twice)" "$(cat err)" ""
	done
	wrong "no such file in an archive" some.zip:no.log \
	    "some.zip:no.log: is not in its archive"
	wrong "a file of what is no archive" plain.log:no.log \
	    "plain.log:no.log: is in no archive"
	mkdir -p colon:
	cp RECV.LOG colon:/p.zip:x
	run --print=json colon:/p.zip:x
	same "a file with colons in its name is a file" \
	    "$(echo "$out" | grep -c outcome)" 4
	mkdir -p dup
	cp RECV.LOG dup/two.log
	if command -v bsdtar >/dev/null 2>&1; then
		bsdtar -cf twice.tar two.log -C dup two.log
		wrong "two files of one name in an archive" twice.tar \
		    "twice.tar:two.log: is there twice: only the first is read"
		same "the first of them is shown" \
		    "$(json twice.tar | grep -c .)" 4
	fi
	printf 'PK\003\004garbage' >bad.zip
	wrong "a zip that is none" bad.zip "bad.zip: "
	cat p.zip | "$EHLOG" --print=json >out 2>err
	has "an archive through a pipe is told" "$(cat err)" \
	    "give its name instead"
fi
if [ $has_archive = yes ]; then
	for ext in bz2 xz zst lz4; do
		[ -f p.$ext ] || continue
		head -c 60000 p.$ext >cut.$ext
		wrong "a $ext that was cut" cut.$ext "cut.$ext: "
	done
else
	wrong "what cannot be unpacked" p.zip "without libarchive"
fi

# What libarchive unpacks is told of where libarchive cannot be loaded.
soname=$(sed -n 's/^#define LIBARCHIVE_SONAME "\(.*\)"$/\1/p' \
    "$abs_top_builddir/config.h")
if [ -n "$soname" ]; then
	mkdir -p broken
	: >"broken/$soname"
	printf 'BZh91AY&SYxxxx' >x.bz2
	LD_LIBRARY_PATH=$PWD/broken
	export LD_LIBRARY_PATH
	wrong "without libarchive a bzip2" x.bz2 \
	    "x.bz2: is bzip2, and libarchive cannot be loaded: "
	run --print=json p.gz
	exits "without libarchive gzip is read: exit status" 0
	same "without libarchive gzip is read" "$(echo "$out" | grep -c .)" 2000
	unset LD_LIBRARY_PATH
else
	echo "skip - libarchive that cannot be loaded: it is not loaded"
fi
done_testing
