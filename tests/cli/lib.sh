# Logs that the tests of the command line share; sourced after tests/lib.sh.
# shellcheck shell=sh

# The log that this project began with.
seed_log() {
	cat <<-'LOG'
	4/2/01 11:44:31 AM : A connection was accepted from pop3.test.com.
	4/2/01 11:44:31 AM : <<< IO: |HELO pop3.test.com
	4/2/01 11:44:31 AM : <<< HELO pop3.test.com
	4/2/01 11:44:31 AM : >>> 250 OK
	4/2/01 11:44:31 AM : <<< IO: |MAIL  From:<richie@test.com>
	4/2/01 11:44:31 AM : <<< MAIL From:<richie@test.com>
	4/2/01 11:44:31 AM : >>> 250 OK - mail from <richie@test.com>
	4/2/01 11:44:31 AM : <<< IO: |RCPT To:<chris@play.com>
	4/2/01 11:44:31 AM : <<< RCPT To:<chris@play.com>
	4/2/01 11:44:32 AM : >>> 250 OK - Recipient <chris@play.com>
	4/2/01 11:44:32 AM : <<< IO: |DATA
	LOG
}

csv_head() {
	printf '%s\r\n' '#Software: Microsoft Exchange Server' \
	    '#Version: 15.0.0.0' '#Log-type: SMTP Receive Protocol Log' \
	    '#Date: 2026-11-01T00:00:00.000Z' \
	    "#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context"
}

# csv_row TIME SESSION SEQUENCE PEER EVENT [DATA [CONTEXT]]
csv_row() {
	printf '2026-11-01T%sZ,EX01\\Default,%016X,%s,10.0.0.5:25,%s,%s,%s,%s\r\n' \
	    "$1" "$2" "$3" "$4" "$5" "${6-}" "${7-}"
}

# csv_session SESSION HOUR PEER SENDER RECIPIENT REPLY-TO-RCPT
# An Exchange session that ends as the reply to RCPT says.
csv_session() {
	csv_row "$2:00:00.000" "$1" 0 "$3" +
	csv_row "$2:00:00.010" "$1" 1 "$3" '>' '220 mail.play.com ready'
	csv_row "$2:00:00.020" "$1" 2 "$3" '<' "EHLO host$1.example.com"
	csv_row "$2:00:00.030" "$1" 3 "$3" '>' '250  mail.play.com Hello'
	csv_row "$2:00:00.040" "$1" 4 "$3" '<' "MAIL FROM:<$4>"
	csv_row "$2:00:00.050" "$1" 5 "$3" '>' '250 2.1.0 Sender OK'
	csv_row "$2:00:00.060" "$1" 6 "$3" '<' "RCPT TO:<$5>"
	csv_row "$2:00:00.070" "$1" 7 "$3" '>' "$6"
	case $6 in 2*)
		csv_row "$2:00:00.080" "$1" 8 "$3" '<' DATA
		csv_row "$2:00:00.090" "$1" 9 "$3" '>' '354 Start mail input'
		csv_row "$2:00:00.100" "$1" 10 "$3" '>' '250 2.6.0 Queued' ;;
	esac
	csv_row "$2:00:01.000" "$1" 11 "$3" '<' QUIT
	csv_row "$2:00:01.500" "$1" 12 "$3" '>' '221 2.0.0 closing'
	csv_row "$2:00:01.500" "$1" 13 "$3" - '' Local
}

# Four sessions: fine, permanent, temporary, dropped.
four_log() {
	csv_head
	csv_session 1 10 192.0.2.1:1001 ann@example.com chris@play.com \
	    '250 2.1.5 Recipient OK'
	csv_session 2 11 192.0.2.2:1002 bob@example.org nobody@play.com \
	    '550 5.1.1 User unknown'
	csv_session 3 12 198.51.100.3:1003 eve@example.net chris@play.com \
	    '451 4.7.0 Try again later'
	csv_row 13:00:00.000 4 0 203.0.113.4:1004 +
	csv_row 13:00:00.100 4 1 203.0.113.4:1004 '>' '220 mail.play.com ready'
	csv_row 13:00:00.200 4 2 203.0.113.4:1004 '<' 'EHLO lost.example.com'
	csv_row 13:00:00.300 4 3 203.0.113.4:1004 '>' '250  mail.play.com Hello'
	csv_row 13:00:00.400 4 4 203.0.113.4:1004 '<' 'MAIL FROM:<eve@example.net>'
	csv_row 13:00:00.500 4 5 203.0.113.4:1004 '>' '250 2.1.0 Sender OK'
	csv_row 13:00:20.500 4 6 203.0.113.4:1004 - '' 'Remote(ConnectionReset)'
}
