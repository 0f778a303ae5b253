#!/bin/sh
# doc/fleet.md: the journal as a source.  No systemd has to run: the journal
# is written from entries in the form of export.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/fleet/lib.sh
. "$abs_top_srcdir/tests/fleet/lib.sh"
need bash
need journalctl
need tmux
writer=/usr/lib/systemd/systemd-journal-remote
[ -x "$writer" ] || skip_all "systemd-journal-remote is not there"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"
journal=$work/mail.journal
printf '#!/bin/sh\nexec "%s" --file="%s" "$@"\n' \
    "$(command -v journalctl)" "$journal" >"$work/bin/journalctl"
# The journal of another host is this one, told by its name.
printf '#!/bin/sh\n[ "$1" = mx1 ] && shift && exec "$@"\n' >"$work/bin/ssh"
chmod +x "$work/bin/journalctl" "$work/bin/ssh"

# entry SECOND FACILITY MESSAGE: in the form of export.
entry() {
	printf '%s\n' "__REALTIME_TIMESTAMP=$((1793527200 + $1))000250" \
	    "__MONOTONIC_TIMESTAMP=$((1 + $1))000000" \
	    _BOOT_ID=0123456789abcdef0123456789abcdef \
	    _MACHINE_ID=00112233445566778899aabbccddeeff _HOSTNAME=mx1 \
	    SYSLOG_IDENTIFIER=postfix/smtpd SYSLOG_PID=4711 _PID=4711 \
	    "SYSLOG_FACILITY=$2" PRIORITY=6 "MESSAGE=$3" ''
}

# refused SECOND PEER: a session in Postfix's words.
refused() {
	entry "$1" 2 "connect from mx.example.com[$2]"
	entry $(($1 + 1)) 2 "NOQUEUE: reject: RCPT from mx.example.com[$2]: 550 5.1.1 <nobody@play.com>: Recipient address rejected: User unknown in local recipient table; from=<ann@example.com> to=<nobody@play.com> proto=ESMTP helo=<mx.example.com>"
	entry $(($1 + 2)) 2 "disconnect from mx.example.com[$2] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"
}

{
	refused 0 192.0.2.1
	entry 5 3 "nothing about mail"
	refused 10 192.0.2.2
} >"$work/entries"
"$writer" -o "$journal" "$work/entries" >"$work/out" 2>&1 ||
    skip_all "no journal can be written here: $(tail -n 1 "$work/out")"

# A report of the sessions instead of the table.
printf '#!/bin/sh\nexec "%s" --no-config --print=csv "$@"\n' "$EHLOG" \
    >"$work/bin/ehlog"
for name in journal journal-ssh; do
	recipe $name
	exits "$name: exit status" 0
	same "$name: sessions, with year, zone and fractions" \
	    "$(echo "$out" | cut -d, -f1,5,6,9,22,24)" \
	    "number,start,end,peer,replies,worst
1,2026-11-01T10:00:00.000Z,2026-11-01T10:00:02.000Z,192.0.2.1,1,550
2,2026-11-01T10:00:10.000Z,2026-11-01T10:00:12.000Z,192.0.2.2,1,550"
done

printf '#!/bin/sh\nexec "%s" --no-config "$@"\n' "$EHLOG" >"$work/bin/ehlog"
terminal 100 12
command_line "PATH='$PATH'; $(recipe_text journal-follow)"
check "the list shows what the journal holds" wait_for "192.0.2.2"
refused 20 192.0.2.3 >"$work/entries"
"$writer" -o "$journal" "$work/entries" >"$work/out" 2>&1
check "the list shows what came since" wait_for "192.0.2.3"
keys Q
done_testing
