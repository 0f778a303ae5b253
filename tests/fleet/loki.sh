#!/bin/sh
# doc/fleet.md: Loki as a source.  logcli cannot be had for a test: a script in
# its place writes the two forms that are documented of it, and only when it
# is asked in the right words.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/fleet/lib.sh
. "$abs_top_srcdir/tests/fleet/lib.sh"
need bash
need jq

cat >"$work/bin/logcli" <<'SH'
#!/bin/sh
[ "$1" = query ] || exit 1
shift
form=default order=backward limit=30
while [ $# -gt 1 ]; do
	case $1 in
	-q | --since=*) ;;
	-o) form=$2; shift ;;
	--forward) order=forward ;;
	--limit=*) limit=${1#--limit=} ;;
	*) exit 1 ;;
	esac
	shift
done
[ "$order $limit" = "forward 0" ] || exit 1
n=0
while IFS= read -r message; do
	time=2026-11-01T10:00:0$n.000250Z
	case $form in
	raw) echo "$time mx1 postfix/smtpd[4711]: $message" ;;
	jsonl) jq -nc --arg t "$time" --arg m "$message" \
	    '{labels: {app: "postfix/smtpd", host: "mx1", pid: "4711"},
		line: $m, timestamp: $t}' ;;
	esac
	n=$((n + 1))
done <<'LINES'
connect from mx.example.com[192.0.2.1]
NOQUEUE: reject: RCPT from mx.example.com[192.0.2.1]: 550 5.1.1 <nobody@play.com>: Recipient address rejected: User unknown in local recipient table; from=<ann@example.com> to=<nobody@play.com> proto=ESMTP helo=<mx.example.com>
disconnect from mx.example.com[192.0.2.1] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4
LINES
SH
chmod +x "$work/bin/logcli"
printf '#!/bin/sh\nexec "%s" --no-config --print=csv "$@"\n' "$EHLOG" \
    >"$work/bin/ehlog"
for name in loki loki-labels; do
	recipe $name
	exits "$name: exit status" 0
	same "$name: the session" "$(echo "$out" | cut -d, -f1,5,6,9,24)" \
	    "number,start,end,peer,worst
1,2026-11-01T10:00:00.000Z,2026-11-01T10:00:02.000Z,192.0.2.1,550"
done
done_testing
