# What the tests of an index kept on disk (--keep-index) share; sourced after
# tests/lib.sh: whatever a log goes through between two runs, what is printed is
# what a run without it prints of the same bytes.
#
# KEEP_SEED changes the dice.
# shellcheck shell=sh
# shellcheck disable=SC2034,SC2154 # for the tests; from tests/lib.sh
generate=$abs_top_builddir/tests/generate
seed=${KEEP_SEED:-1}
cache=$work/cache
kept=$cache/ehlog
export XDG_CACHE_HOME="$cache"

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
