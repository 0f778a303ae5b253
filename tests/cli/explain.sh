#!/bin/sh
# --explain: the server's text first, every code known, own notes before what
# ships, a wrong file told of with its place.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

own=$XDG_CONFIG_HOME/ehlog/replies.conf
mkdir -p "$XDG_CONFIG_HOME/ehlog"

run --explain '550 5.7.1 Unable to relay for ann@example.com'
exits "a known reply" 0
same "the server's text stands first" "$(echo "$out" | head -n 1)" \
    '550 5.7.1 Unable to relay for ann@example.com'
has "the sentence is known" "$out" 'Exchange does not relay'
has "it has a cause" "$out" "${NL}Cause "
has "it has a next step" "$out" "${NL}Next step "
has "it says whose problem it is" "$out" 'the sender or this server'
has "the enhanced code" "$out" "${NL}5.7.1 "
has "the code" "$out" "${NL}550 "
has "the class" "$out" "${NL}5xx "
has "the second digit" "$out" "${NL}x5x "
same "no line is wider than 80 columns" "$(echo "$out" | awk 'length > 80')" ''

run --explain 'RCPT: 550 no'
has "a code to a command" "$out" '550 to RCPT'
run --explain "550-5.7.26 This mail has been blocked because the sender
550 5.7.26 is unauthenticated. Gmail requires all senders to authenticate"
has "several lines are one reply" "$out" 'neither SPF nor DKIM'
run --explain 'Relay access denied'
exits "a sentence without a code" 0
run --explain 'hello there'
exits "nothing is known" 1
has "and that is said" "$out" 'Nothing more is known'
run --explain
exits "a reply is needed" 2

# Own notes.
cat >"$own" <<-'CONF'
	[code 550]
	note = ask Ann
	[sentence mine]
	pattern = unable to relay
	note = the scanner in the cellar
CONF
run --explain '550 5.7.1 Unable to relay for ann@example.com'
exits "own notes" 0
same "own notes stand first, that of a sentence before that of a code" \
    "$(echo "$out" | sed -n '3,4p')" \
    "Your note     the scanner in the cellar${NL}Your note     ask Ann"
has "what ships follows" "$out" 'Exchange does not relay'
run --no-config --explain '550 5.7.1 Unable to relay for ann@example.com'
hasnt "--no-config leaves own notes out" "$out" 'ask Ann'

cat >"$own" <<-'CONF'
	[sentence broken]
	pattern = (unable
	note = x
	[sentence bare]
	note = x
	[code 550]
	note = ask Ann
CONF
run --explain '550 no'
exits "a wrong entry is trouble" 2
has "a broken pattern: file, line" "$err" "$own:2: the pattern is wrong"
has "a missing key: file, line" "$err" "$own:4: a sentence needs"
has "the rest works" "$out" 'ask Ann'

# A pattern that runs wild is told of, and does not take for ever.
printf '[sentence wild]\npattern = (a+)+[bc]\nnote = x\n' >"$own"
run --explain "550 $(printf '%01000d' 0 | tr 0 a)"
exits "a wild pattern is trouble" 2
has "it is told with its place" "$err" "$own:2: the pattern of 'wild' met"
has "what ships still speaks" "$out" "${NL}5xx "
rm -f "$own"

EHLOG_DATADIR=$work run --explain '550 no'
exits "without the file that ships" 2

# Every code of the registries.
# shellcheck disable=SC2013 # codes are words
for code in $(grep -v '^#' "$abs_top_srcdir/tests/codes"); do
	case $code in
	X.*)
		code=5${code#X}
		run --explain "550 $code"
		has "$code is explained" "$NL$out" "$NL$code "
		;;
	*)
		run --explain "$code"
		exits "$code is explained" 0
		;;
	esac
done

# Reports carry it on request, and only then.
log=$abs_top_srcdir/data/demo.log
run --print=json --filter=code:550 --limit=1 "$log"
hasnt "json: no explanation unasked" "$out" '"explanation"'
run --print=json --with-explanations --filter=code:550 --limit=1 "$log"
has "json: the worst reply is explained" "$out" '"explanation":{"means":"'
has "json: a recipient that was taken needs none" "$out" '"explanation":null'
run --print=transcript --filter=code:550 --limit=1 "$log"
hasnt "transcript: no explanation unasked" "$out" "Next step: "
run --print=transcript --with-explanations --filter=code:550 --limit=1 "$log"
has "transcript: the next step stands below the reply" "$out" "Next step: "
done_testing
