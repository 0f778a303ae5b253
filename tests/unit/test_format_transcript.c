/*
 * Transcripts: for each tool one as it prints it, and what happened in it.
 */
#include "config.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/expect_log.h"

static const struct expected_log transcripts[] = {
	{ "swaks",
	    "=== Trying mx.example.org:25...\n"
	    "=== Connected to mx.example.org.\n"
	    "<-  220 mx.example.org ESMTP\n"
	    " -> EHLO host.example.com\n"
	    "<-  250-mx.example.org\n"
	    "<-  250 STARTTLS\n"
	    " -> STARTTLS\n"
	    "<-  220 2.0.0 Ready to start TLS\n"
	    "=== TLS started with cipher TLSv1.3:TLS_AES_256_GCM_SHA384:256\n"
	    " ~> EHLO host.example.com\n"
	    "<~  250 mx.example.org\n"
	    " ~> MAIL FROM:<ann@example.com>\n"
	    "<~  250 2.1.0 Ok\n"
	    " ~> RCPT TO:<bob@example.org>\n"
	    "<~  250 2.1.5 Ok\n"
	    " ~> DATA\n"
	    "<~  354 go on\n"
	    " ~> Subject: test\n"
	    " ~> \n"
	    " ~> <** 550 fake\n"
	    " ~> === Trying other.example.org:25...\n"
	    " ~> .\n"
	    "<~* 554 5.7.1 spam\n"
	    " ~> QUIT\n"
	    "<~  221 2.0.0 Bye\n"
	    "=== Connection closed with remote host.\n"
	    "=== Trying 192.0.2.9:25...\n"
	    "*** Error connecting to 192.0.2.9:25:\n"
	    "*** \tIO::Socket::INET6: connect: Connection refused\n",
	    .sessions = 2, .outcome = OUTCOME_PERMANENT, .failed = "DATA",
	    .peer = "mx.example.org", .helo = "host.example.com",
	    .from = "ann@example.com", .to = "bob@example.org", .worst = 554,
	    .replies = 9, .commands = 7, .bodies = 5, .strays = 1 },
	{ "curl",
	    "*   Trying 127.0.0.1:2525...\n"
	    "* Connected to localhost (127.0.0.1) port 2525 (#0)\n"
	    "< 220 mx.example.org ESMTP\r\n"
	    "> EHLO host.example.com\r\n"
	    "< 250-mx.example.org\r\n"
	    "< 250 SMTPUTF8\r\n"
	    "> MAIL FROM:<ann@example.com> SIZE=120\r\n"
	    "< 250 2.1.0 Ok\r\n"
	    "> RCPT TO:<nobody@example.org>\r\n"
	    "< 550 5.1.1 <nobody@example.org>: User unknown\r\n"
	    "* RCPT failed: 550\n"
	    "> QUIT\r\n"
	    "< 221 2.0.0 Bye\r\n"
	    "* Closing connection 0\n"
	    "curl: (55) RCPT failed: 550\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT,
	    .failed = "RCPT TO:<nobody@example.org>", .peer = "127.0.0.1",
	    .helo = "host.example.com", .from = "ann@example.com",
	    .to = "nobody@example.org", .worst = 550, .replies = 5,
	    .commands = 4, .strays = 1 },
	{ "msmtp, which says nothing of connections",
	    "loaded user configuration file /home/ann/.msmtprc\n"
	    "<-- 220 mx.example.org ESMTP\n"
	    "--> EHLO localhost\n"
	    "<-- 250 STARTTLS\n"
	    "--> STARTTLS\n"
	    "<-- 220 2.0.0 Ready to start TLS\n"
	    "--> MAIL FROM:<ann@example.com>\n"
	    "--> RCPT TO:<bob@example.org>\n"
	    "--> DATA\n"
	    "<-- 250 2.1.0 Ok\n"
	    "<-- 454 4.7.1 <bob@example.org>: later\n"
	    "<-- 554 5.5.1 Error: no valid recipients\n"
	    "--> QUIT\n"
	    "<-- 221 2.0.0 Bye\n"
	    "<-- 220 other.example.org ESMTP\n"
	    "--> QUIT\n",
	    .sessions = 2, .outcome = OUTCOME_PERMANENT, .failed = "DATA",
	    .helo = "localhost", .from = "ann@example.com",
	    .to = "bob@example.org", .worst = 554, .replies = 7,
	    .commands = 6, .strays = 1 },
	{ "telnet",
	    "Trying 192.0.2.25...\n"
	    "Connected to mx.example.org.\n"
	    "Escape character is '^]'.\n"
	    "220 mx.example.org ESMTP\n"
	    "ehlo me.example.com\n"
	    "250-mx.example.org\n"
	    "250 SIZE 10240000\n"
	    "mail from:<ann@example.com>\n"
	    "250 2.1.0 Ok\n"
	    "rcpt to:<bob@example.org>\n"
	    "250 2.1.5 Ok\n"
	    "data\n"
	    "354 go on\n"
	    "Subject: 250 ok\n"
	    "\n"
	    "QUIT\n"
	    "550 this is text\n"
	    ".\n"
	    "451 4.3.0 try later\n"
	    "quit\n"
	    "221 2.0.0 Bye\n"
	    "Connection closed by foreign host.\n",
	    .sessions = 1, .outcome = OUTCOME_TEMPORARY, .failed = "data",
	    .peer = "192.0.2.25", .helo = "me.example.com",
	    .from = "ann@example.com", .to = "bob@example.org", .worst = 451,
	    .replies = 7, .commands = 5, .bodies = 5 },
	{ "openssl s_client",
	    "CONNECTED(00000003)\n"
	    "depth=0 CN = mx.example.org\n"
	    "---\n"
	    "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n"
	    "---\n"
	    "250 SMTPUTF8\n"
	    "EHLO me\n"
	    "250-mx.example.org\n"
	    "250 8BITMIME\n"
	    "MAIL FROM:<ann@example.com>\n"
	    "250 2.1.0 Ok\n"
	    "RCPT TO:<bob@example.org>\n"
	    "550 5.1.1 no\n"
	    "QUIT\n"
	    "DONE\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT,
	    .failed = "RCPT TO:<bob@example.org>", .helo = "me",
	    .from = "ann@example.com", .to = "bob@example.org", .worst = 550,
	    .replies = 4, .commands = 4 },
	{ "sendmail -v",
	    "bob@example.org... Connecting to mx.example.org. via esmtp...\n"
	    "220 mx.example.org ESMTP\n"
	    ">>> EHLO me.example.com\n"
	    "250-mx.example.org\n"
	    "250 SIZE\n"
	    ">>> MAIL From:<ann@example.com> SIZE=31\n"
	    "250 2.1.0 Ok\n"
	    ">>> RCPT To:<bob@example.org>\n"
	    ">>> DATA\n"
	    "250 2.1.5 Ok\n"
	    "354 go on\n"
	    ">>> .\n"
	    "250 2.0.0 Ok: queued as 12AB34CD\n"
	    "bob@example.org... Sent (Ok: queued as 12AB34CD)\n"
	    "Closing connection to mx.example.org.\n"
	    ">>> QUIT\n"
	    "221 2.0.0 Bye\n",
	    .sessions = 1, .outcome = OUTCOME_OK, .peer = "mx.example.org.",
	    .helo = "me.example.com", .from = "ann@example.com",
	    .to = "bob@example.org", .worst = 220, .replies = 7,
	    .commands = 5, .bodies = 1 },
	{ "PHPMailer",
	    "2017-04-24 13:07:50\tConnection: opening to mx.example.org:587, "
	    "timeout=300, options=array ()<br>\n"
	    "2017-04-24 13:07:50\tConnection: opened<br>\n"
	    "2017-04-24 13:07:50\tSERVER -> CLIENT: 220-mx.example.org<br>\n"
	    "                   \t                  220 unsolicited<br>\n"
	    "2017-04-24 13:07:50\tCLIENT -> SERVER: EHLO example.com<br>\n"
	    "2017-04-24 13:07:51\tSERVER -> CLIENT: 250 AUTH LOGIN<br>\n"
	    "2017-04-24 13:07:51\tCLIENT -> SERVER: AUTH LOGIN<br>\n"
	    "2017-04-24 13:07:51\tSERVER -> CLIENT: 334 VXNlcm5hbWU6<br>\n"
	    "2017-04-24 13:07:51\tCLIENT -> SERVER: [credentials hidden]<br>\n"
	    "2017-04-24 13:07:51\tSERVER -> CLIENT: 535 5.7.8 no<br>\n"
	    "2017-04-24 13:07:51\tSMTP ERROR: Password command failed: 535\n"
	    "2017-04-24 13:07:51\tCLIENT -> SERVER: QUIT<br>\n"
	    "2017-04-24 13:07:51\tSERVER -> CLIENT: 221 bye<br>\n"
	    "2017-04-24 13:07:51\tConnection: closed<br>\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT,
	    .failed = "AUTH LOGIN", .peer = "mx.example.org",
	    .helo = "example.com", .worst = 535, .replies = 5,
	    .commands = 3 },
	{ "JavaMail",
	    "DEBUG: getProvider() returning jakarta.mail.Provider[TRANSPORT]\n"
	    "DEBUG SMTP: useEhlo true, useAuth true\n"
	    "DEBUG SMTP: trying to connect to host \"192.0.2.118\", port 25, "
	    "isSSL false\n"
	    "220 mx.example.org ESMTP\n"
	    "DEBUG SMTP: connected to host \"192.0.2.118\", port: 25\n"
	    "EHLO localhost\n"
	    "250-mx.example.org\n"
	    "250 AUTH=LOGIN\n"
	    "MAIL FROM:<ann@example.com>\n"
	    "250 Ok\n"
	    "RCPT TO:<bob@example.org>\n"
	    "452 4.2.2 full\n"
	    "DEBUG SMTP: Valid Unsent Addresses\n"
	    "RSET\n"
	    "250 Ok\n"
	    "QUIT\n"
	    "221 bye\n",
	    .sessions = 1, .outcome = OUTCOME_TEMPORARY,
	    .failed = "RCPT TO:<bob@example.org>", .peer = "192.0.2.118",
	    .helo = "localhost", .from = "ann@example.com",
	    .to = "bob@example.org", .worst = 452, .replies = 6,
	    .commands = 5 },
	{ "MailKit",
	    "Connected to smtp://mx.example.org:587/?starttls=when-available\n"
	    "S: 220 mx.example.org ESMTP\n"
	    "C: EHLO host\n"
	    "S: 250 ok\n"
	    "C: MAIL FROM:<ann@example.com>\n"
	    "S: 250 ok\n"
	    "C: RCPT TO:<bob@example.org>\n"
	    "S: 250 ok\n"
	    "C: DATA\n"
	    "S: 354 go on\n"
	    "C: Subject: x\n"
	    "C: \n"
	    "C: S: 550 fake\n"
	    "C: .\n"
	    "S: 250 queued as 77\n"
	    "C: QUIT\n"
	    "S: 221 bye\n"
	    "Connected to smtp://mx.example.org:587/?starttls=when-available\n"
	    "S: 220 mx.example.org ESMTP\n",
	    .sessions = 2, .outcome = OUTCOME_OK, .peer = "mx.example.org",
	    .helo = "host", .from = "ann@example.com",
	    .to = "bob@example.org", .worst = 220, .replies = 7,
	    .commands = 5, .bodies = 4 },
	{ "smtp-server, two at once",
	    "[2026-11-25 10:00:00] INFO  [#ab12cd34ef567890] SMTP Connection "
	    "from 192.0.2.1\n"
	    "[2026-11-25 10:00:00] DEBUG [#ab12cd34ef567890] S: 220 mx ESMTP\n"
	    "[2026-11-25 10:00:00] DEBUG [#ff12cd34ef567890] S: 220 mx ESMTP\n"
	    "[2026-11-25 10:00:01] DEBUG [#ab12cd34ef567890] C: EHLO a.example\n"
	    "[2026-11-25 10:00:01] DEBUG [#ab12cd34ef567890] S: 250-mx\n"
	    "[2026-11-25 10:00:02] DEBUG [#ff12cd34ef567890] C: QUIT\n"
	    "[2026-11-25 10:00:01] DEBUG [#ab12cd34ef567890] 250 8BITMIME\n"
	    "[2026-11-25 10:00:02] DEBUG [#ab12cd34ef567890] C: FOO\x1b[A\n"
	    "[2026-11-25 10:00:02] DEBUG [#ab12cd34ef567890] S: 500 Error: "
	    "command not recognized\n"
	    "[2026-11-25 10:00:03] INFO  [#ab12cd34ef567890] Connection closed "
	    "to 192.0.2.1\n",
	    .sessions = 2, .outcome = OUTCOME_PERMANENT,
	    .failed = "FOO\x1b[A", .peer = "192.0.2.1", .helo = "a.example",
	    .worst = 500, .replies = 3, .commands = 2, .inbound = true },
	{ "aiosmtpd, whose arrows are the other way round",
	    "2026-11-25 10:00:00,001 INFO mail.log: Peer: ('127.0.0.1', 40000)\n"
	    "2026-11-25 10:00:00,002 INFO mail.log: ('127.0.0.1', 40000) "
	    "handling connection\n"
	    "2026-11-25 10:00:00,003 DEBUG mail.log: ('127.0.0.1', 40000) << "
	    "b'220 mx Python SMTP 1.4.3'\n"
	    "2026-11-25 10:00:00,004 INFO mail.log: ('127.0.0.1', 40000) >> "
	    "b'EHLO it\\'s'\n"
	    "2026-11-25 10:00:00,005 DEBUG mail.log: ('127.0.0.1', 40000) << "
	    "b'250 HELP'\n"
	    "2026-11-25 10:00:00,006 INFO mail.log: ('127.0.0.1', 40000) >> "
	    "b'RCPT TO:<bob@example.org>'\n"
	    "2026-11-25 10:00:00,006 DEBUG mail.log: ('127.0.0.1', 40000) << "
	    "b'503 Error: need MAIL command'\n"
	    "2026-11-25 10:00:00,009 INFO mail.log: ('127.0.0.1', 40000) "
	    "connection lost\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT,
	    .failed = "RCPT TO:<bob@example.org>", .peer = "127.0.0.1",
	    .helo = "it's", .worst = 503, .replies = 3, .commands = 2,
	    .inbound = true },
	{ "smtplib",
	    "connect: to ('mx.example.org', 25) None\n"
	    "connect: ('mx.example.org', 25)\n"
	    "reply: b'220 mx.example.org ESMTP\\r\\n'\n"
	    "reply: retcode (220); Msg: b'mx.example.org ESMTP'\n"
	    "connect: b'mx.example.org ESMTP'\n"
	    "send: 'ehlo [127.0.1.1]\\r\\n'\n"
	    "reply: b'250-mx.example.org\\r\\n'\n"
	    "reply: b'250 SIZE 10240000\\r\\n'\n"
	    "reply: retcode (250); Msg: b'mx.example.org\\nSIZE 10240000'\n"
	    "send: 'mail FROM:<ann@example.com> size=20\\r\\n'\n"
	    "reply: b'250 2.1.0 Ok\\r\\n'\n"
	    "send: 'rcpt TO:<bob@example.org>\\r\\n'\n"
	    "reply: b'250 2.1.5 Ok\\r\\n'\n"
	    "send: 'data\\r\\n'\n"
	    "reply: b'354 go on\\r\\n'\n"
	    "data: (354, b'go on')\n"
	    "send: b'Subject: x\\r\\n\\r\\n250 hello\\r\\n.\\r\\n'\n"
	    "reply: b'552 5.2.2 Mailbox full\\r\\n'\n"
	    "data: (552, b'5.2.2 Mailbox full')\n"
	    "send: 'quit\\r\\n'\n"
	    "reply: b'221 2.0.0 Bye\\r\\n'\n",
	    .sessions = 1, .outcome = OUTCOME_PERMANENT, .failed = "data",
	    .peer = "mx.example.org", .helo = "[127.0.1.1]",
	    .from = "ann@example.com", .to = "bob@example.org", .worst = 552,
	    .replies = 7, .commands = 5, .bodies = 1 },
	{ "go-mail",
	    "2026/07/19 18:01:50 DEBUG: C <-- S: 220 mx.example.org ESMTP\n"
	    "2026/07/19 18:01:50 DEBUG: C --> S: EHLO x.example\n"
	    "2026/07/19 18:01:50 DEBUG: C <-- S: 250 ok\n"
	    "2026/07/19 18:01:51 DEBUG: C --> S: MAIL FROM:<ann@example.com>\n"
	    "2026/07/19 18:01:51 DEBUG: C <-- S: 421 4.3.2 shutting down\n",
	    .sessions = 1, .outcome = OUTCOME_TEMPORARY,
	    .failed = "MAIL FROM:<ann@example.com>", .helo = "x.example",
	    .from = "ann@example.com", .worst = 421, .replies = 3,
	    .commands = 2 },
	{ "Apple Mail",
	    "CONNECTED Oct 25 14:45:38.736 [kCFStreamSocketSecurityLevelNone] "
	    "-- host:mx.example.org -- port:25 -- socket:0x60 -- thread:0x61\n"
	    "\n"
	    "READ Oct 25 14:45:38.812 [kCFStreamSocketSecurityLevelNone] -- "
	    "host:mx.example.org -- port:25 -- socket:0x60 -- thread:0x61\n"
	    "220 mx.example.org ESMTP\n"
	    "\n"
	    "WROTE Oct 25 14:45:38.820 [kCFStreamSocketSecurityLevelNone] -- "
	    "host:mx.example.org -- port:25 -- socket:0x60 -- thread:0x61\n"
	    "EHLO [10.0.0.7]\n"
	    "\n"
	    "READ Oct 25 14:45:38.900 [kCFStreamSocketSecurityLevelNone] -- "
	    "host:mx.example.org -- port:25 -- socket:0x60 -- thread:0x61\n"
	    "250-mx.example.org\n"
	    "250 AUTH PLAIN\n"
	    "\n"
	    "WROTE Oct 25 14:45:38.920 [kCFStreamSocketSecurityLevelNone] -- "
	    "host:mx.example.org -- port:25 -- socket:0x60 -- thread:0x61\n"
	    "QUIT\n",
	    .sessions = 1, .outcome = OUTCOME_OPEN, .peer = "mx.example.org",
	    .helo = "[10.0.0.7]", .worst = 220, .replies = 2,
	    .commands = 2 },
};

static void
each_tool(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof transcripts / sizeof *transcripts; i++)
		expect_log("transcript", &transcripts[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_tool),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
