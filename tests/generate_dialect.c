/*
 * Dialects: what the servers of a log say.  Texts are as such servers write
 * them; names and addresses are examples.
 */
#include "config.h"

#include "generate_script.h"

#define VERDICTS(array) { array, COUNT(array) }

/* --- Exchange 2013 and later, as server ------------------------------------ */

static const struct verdict exchange_greetings[] = {
	{ 220, "", "$S Microsoft ESMTP MAIL Service ready at $D" },
};

static const struct verdict exchange_unwelcome[] = {
	{ 421, "4.3.2", "Service not available" },
	{ 421, "4.4.1", "Message submission rate for this client has exceeded "
	    "the configured limit" },
	{ 554, "5.7.1", "Connection refused, $P is on a block list" },
};

static const struct verdict exchange_queued[] = {
	{ 250, "2.6.0", "<$M> [InternalId=$I, Hostname=$S] $Z bytes in 0.187, "
	    "109,173 KB/sec Queued mail for delivery" },
	{ 250, "2.6.0", "<$M> [InternalId=$I] Queued mail for delivery" },
};

static const struct verdict exchange_mail_bad[] = {
	{ 550, "5.7.1", "Client does not have permissions to send as this "
	    "sender" },
	{ 530, "5.7.57", "Client not authenticated to send mail" },
	{ 552, "5.3.4", "Message size exceeds fixed maximum message size" },
	{ 501, "5.1.7", "Invalid address" },
	{ 452, "4.3.1", "Insufficient system resources" },
};

static const struct verdict exchange_rcpt_bad[] = {
	{ 550, "5.1.10", "RESOLVER.ADR.RecipientNotFound; Recipient not found "
	    "by SMTP address lookup" },
	{ 550, "5.7.54", "SMTP; Unable to relay recipient in non-accepted "
	    "domain" },
	{ 501, "5.1.3", "Invalid address" },
	{ 550, "5.7.1", "Unable to relay\nfor $T,\nsaid \"no\"" },
};

static const struct verdict exchange_rcpt_later[] = {
	{ 452, "4.5.3", "Too many recipients" },
	{ 451, "4.7.0", "Temporary server error. Please try again later. "
	    "PRX2" },
	{ 451, "4.7.1", "Greylisting in action, please come back later" },
	{ 450, "4.2.0", "<$T>: mailbox busy" },
};

static const struct verdict exchange_text_bad[] = {
	{ 550, "5.7.1", "Message rejected as spam by Content Filtering." },
	{ 552, "5.3.4", "Message size exceeds fixed maximum message size" },
	{ 554, "5.6.0", "Invalid message content" },
	{ 550, "5.7.1", "Message contains an attachment named \"x.exe\"" },
	{ 451, "4.7.0", "Temporary server error. Please try again later." },
	{ 452, "4.3.1", "Insufficient system resources" },
	{ 421, "4.4.2", "Connection dropped due to SocketError" },
};

static const struct verdict exchange_unknown[] = {
	{ 500, "5.3.3", "Unrecognized command" },
	{ 503, "5.5.2", "Send hello first" },
	{ 500, "5.3.3", "Unrecognized command \"junk\", again" },
};

static const struct verdict exchange_auth_bad[] = {
	{ 535, "5.7.3", "Authentication unsuccessful" },
	{ 535, "5.7.139", "Authentication unsuccessful, the user credentials "
	    "were incorrect." },
};

const struct dialect dialect_exchange = {
	.greetings = VERDICTS(exchange_greetings),
	.unwelcome = VERDICTS(exchange_unwelcome),
	.hello = { 250, "", "$S Hello [$P]" },
	.hello_one_row = { 250, "", " $S Hello [$P] SIZE 37748736 PIPELINING "
	    "DSN ENHANCEDSTATUSCODES STARTTLS AUTH NTLM 8BITMIME BINARYMIME "
	    "CHUNKING" },
	.hello_rows = { 250, "", "$S Hello [$P]\nSIZE\nPIPELINING\nDSN\n"
	    "ENHANCEDSTATUSCODES\nSTARTTLS\nAUTH NTLM\n8BITMIME\n"
	    "BINARYMIME\nCHUNKING" },
	.mail_fine = { 250, "2.1.0", "Sender OK" },
	.rcpt_fine = { 250, "2.1.5", "Recipient OK" },
	.data_go = { 354, "", "Start mail input; end with <CRLF>.<CRLF>" },
	.chunk = { 250, "2.6.0", "CHUNK received OK, $Z octets" },
	.done = { 250, "2.0.0", "Resetting" },
	.bye = { 221, "2.0.0", "Service closing transmission channel" },
	.queued = VERDICTS(exchange_queued),
	.mail_bad = VERDICTS(exchange_mail_bad),
	.rcpt_bad = VERDICTS(exchange_rcpt_bad),
	.rcpt_later = VERDICTS(exchange_rcpt_later),
	.text_bad = VERDICTS(exchange_text_bad),
	.unknown = VERDICTS(exchange_unknown),
	.text_none = { 503, "5.5.2", "Need rcpt command" },
	.out_of_order = { 503, "5.5.2", "Need mail command" },
	.timeout = { 421, "4.4.1", "Connection timed out" },
	.tls_go = { 220, "2.0.0", "SMTP server ready" },
	.tls_off = { 454, "4.7.0", "TLS not available due to local problem" },
	.auth_go = { 334, "", "<authentication response>" },
	.auth_fine = { 235, "2.7.0", "Authentication successful" },
	.auth_off = { 504, "5.7.4", "Unrecognized authentication type" },
	.auth_bad = VERDICTS(exchange_auth_bad),
	.certificate = { " CN=$S CN=Example CA 1A2B3C 4D5E6F 2026-01-01 "
	    "2027-01-01 $S", "Sending certificate Subject Issuer name Serial "
	    "number Thumbprint Not before Not after Subject alternate names" },
	.tls_note = { "", "TLS protocol SP_PROT_TLS1_2_SERVER negotiation "
	    "succeeded using bulk encryption algorithm CALG_AES_256 with "
	    "strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength "
	    "384 bits and key exchange algorithm CALG_ECDHE with strength 255 "
	    "bits" },
	.user_note = { "$U", "authenticated" },
	.failed_note = { "", "Inbound AUTH LOGIN failed because of "
	    "LogonDenied" },
	.after_mail = { "$K;$OZ;$N", "receiving message" },
	.tarpit = { "Tarpit for '0.00:00:05'", "" },
	.chunking = true,
	.junk = true,
};

/* --- the hosts that a Send log talks to ------------------------------------ */

static const struct verdict elsewhere_greetings[] = {
	{ 220, "", "mx.example.net ESMTP Postfix" },
	{ 220, "", "mx.example.org ESMTP\nNo bulk mail, please\nready" },
	{ 220, "", "mx1.example.com Microsoft ESMTP MAIL Service ready at $D" },
};

static const struct verdict elsewhere_unwelcome[] = {
	{ 554, "", "mx.example.net You are not allowed to connect" },
	{ 421, "4.7.0", "mx.example.org Too many connections from $S" },
};

static const struct verdict elsewhere_queued[] = {
	{ 250, "2.0.0", "Ok: queued as $I" },
	{ 250, "2.0.0", "OK $I accepted for delivery, thank you" },
	{ 250, "", "ok $I" },
};

static const struct verdict elsewhere_mail_bad[] = {
	{ 550, "5.1.8", "<$F>: Sender address rejected: Domain not found" },
	{ 451, "4.1.8", "<$F>: Sender address rejected: try again" },
	{ 550, "", "Access denied" },
};

static const struct verdict elsewhere_rcpt_bad[] = {
	{ 550, "5.1.1", "<$T>: Recipient address rejected: User unknown in "
	    "virtual mailbox table" },
	{ 550, "5.1.1", "The email account that you tried to reach\ndoes not "
	    "exist. Please try\ndouble-checking the address" },
	{ 554, "5.7.1", "<$T>: Relay access denied" },
	{ 550, "", "No such user here" },
};

static const struct verdict elsewhere_rcpt_later[] = {
	{ 452, "4.5.3", "Error: too many recipients" },
	{ 450, "4.2.0", "<$T>: Recipient address rejected: Greylisted, see "
	    "https://example.org/greylist" },
	{ 451, "", "Please try again later" },
};

static const struct verdict elsewhere_text_bad[] = {
	{ 554, "5.7.1", "Message refused: SPF, DKIM and DMARC say no" },
	{ 552, "5.2.2", "Mailbox full\nquota is 2,048 MB" },
	{ 451, "4.3.0", "Error: queue file write error" },
};

static const struct verdict elsewhere_unknown[] = {
	{ 502, "5.5.2", "Error: command not recognized" },
};

const struct dialect dialect_elsewhere = {
	.greetings = VERDICTS(elsewhere_greetings),
	.unwelcome = VERDICTS(elsewhere_unwelcome),
	.hello = { 250, "", "mx.example.net" },
	.hello_one_row = { 250, "", "mx.example.net Hello $S [192.0.2.1] SIZE "
	    "1000000 HELP ENHANCEDSTATUSCODES OK" },
	.hello_rows = { 250, "", "mx.example.net\nPIPELINING\nSIZE 52428800\n"
	    "STARTTLS\nENHANCEDSTATUSCODES\n8BITMIME\nDSN" },
	.mail_fine = { 250, "2.1.0", "Ok" },
	.rcpt_fine = { 250, "2.1.5", "Ok" },
	.data_go = { 354, "", "End data with <CR><LF>.<CR><LF>" },
	.chunk = { 250, "2.0.0", "$Z octets, go on" },
	.done = { 250, "2.0.0", "Ok" },
	.bye = { 221, "2.0.0", "Bye" },
	.queued = VERDICTS(elsewhere_queued),
	.mail_bad = VERDICTS(elsewhere_mail_bad),
	.rcpt_bad = VERDICTS(elsewhere_rcpt_bad),
	.rcpt_later = VERDICTS(elsewhere_rcpt_later),
	.text_bad = VERDICTS(elsewhere_text_bad),
	.unknown = VERDICTS(elsewhere_unknown),
	.text_none = { 554, "5.5.1", "Error: no valid recipients" },
	.out_of_order = { 503, "5.5.1", "Error: need MAIL command" },
	.timeout = { 421, "4.4.2", "mx.example.net Error: timeout exceeded" },
	.tls_go = { 220, "2.0.0", "Ready to start TLS" },
	.tls_off = { 454, "4.7.0", "TLS not available due to local problem" },
	.certificate = { " CN=$S CN=Example CA 1A2B3C 4D5E6F 2026-01-01 "
	    "2027-01-01 $S", "Sending certificate Subject Issuer name Serial "
	    "number Thumbprint Not before Not after Subject alternate names" },
	.tls_note = { "", "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation "
	    "succeeded using bulk encryption algorithm CALG_AES_128 with "
	    "strength 128 bits, MAC hash algorithm CALG_SHA_256 with strength "
	    "256 bits and key exchange algorithm CALG_ECDHE with strength 256 "
	    "bits" },
	.before_mail = { "", "sending message with RecordId $I and "
	    "InternetMessageId <$M>" },
	.chunking = true,
};

/* --- Exchange 5.5, the Internet Mail Service, as server --------------------- */

static const struct verdict ims_unwelcome[] = {
	{ 421, "", "$S Service not available, closing transmission channel" },
	{ 554, "", "Connection from $P refused" },
};

static const struct verdict ims_queued[] = {
	{ 250, "", "OK $I" },
	{ 250, "", "OK" },
};

static const struct verdict ims_mail_bad[] = {
	{ 501, "", "Syntax error in parameters or arguments" },
	{ 552, "", "Message exceeds fixed maximum message size" },
	{ 452, "", "Out of memory" },
};

static const struct verdict ims_rcpt_bad[] = {
	{ 550, "", "Relaying is prohibited" },
	{ 550, "", "Requested action not taken: mailbox unavailable" },
	{ 553, "", "Malformed address: $T" },
};

static const struct verdict ims_rcpt_later[] = {
	{ 452, "", "Too many recipients" },
	{ 450, "", "Requested action not taken: mailbox $T busy" },
};

static const struct verdict ims_text_bad[] = {
	{ 554, "", "Mailbox is not local: $F" },
	{ 552, "", "Message exceeds fixed maximum message size" },
	{ 451, "", "Requested action aborted: local error in processing" },
};

static const struct verdict ims_unknown[] = {
	{ 500, "", "Command unrecognized" },
	{ 503, "", "Bad sequence of commands" },
};

static const struct verdict ims_auth_bad[] = {
	{ 535, "", "authentication failed" },
};

const struct dialect dialect_ims = {
	.unwelcome = VERDICTS(ims_unwelcome),
	.hello = { 250, "", "OK" },
	.hello_one_row = { 250, "", "$S Hello [$P]" },
	.hello_rows = { 250, "", "$S Hello [$P]\nXEXCH50\nHELP\nETRN\nDSN\n"
	    "SIZE 0\nAUTH LOGIN\nAUTH=LOGIN" },
	.mail_fine = { 250, "", "OK - mail from <$F>" },
	.rcpt_fine = { 250, "", "OK - Recipient <$T>" },
	.data_go = { 354, "", "Send data.  End with CRLF.CRLF" },
	.done = { 250, "", "OK" },
	.bye = { 221, "", "closing connection" },
	.queued = VERDICTS(ims_queued),
	.mail_bad = VERDICTS(ims_mail_bad),
	.rcpt_bad = VERDICTS(ims_rcpt_bad),
	.rcpt_later = VERDICTS(ims_rcpt_later),
	.text_bad = VERDICTS(ims_text_bad),
	.unknown = VERDICTS(ims_unknown),
	.text_none = { 503, "", "No recipients" },
	.out_of_order = { 503, "", "Need MAIL command" },
	.timeout = { 421, "", "Connection timed out" },
	.auth_go = { 334, "", "VXNlcm5hbWU6" },
	.auth_fine = { 235, "", "authentication successful" },
	.auth_off = { 504, "", "Unrecognized authentication type" },
	.auth_bad = VERDICTS(ims_auth_bad),
	.secrets = true,
	.junk = true,
};

/* --- the hosts that Exchange 5.5 talks to ----------------------------------- */

static const struct verdict nineties_greetings[] = {
	{ 220, "", "firewall.example.com Generic SMTP handler" },
	{ 220, "", "mail.example.org ESMTP Sendmail 8.9.3/8.9.3; $D" },
	{ 220, "", "gate.example.net SMTP\nno spam, no relaying\nready" },
};

const struct dialect dialect_nineties = {
	.greetings = VERDICTS(nineties_greetings),
	.unwelcome = VERDICTS(ims_unwelcome),
	.hello = { 250, "", "mail.example.org talking to $S ([192.0.2.1])" },
	.hello_one_row = { 250, "", "firewall.example.com talking to $S" },
	.hello_rows = { 250, "", "mail.example.org Hello $S\n8BITMIME\nSIZE\n"
	    "DSN\nONEX\nETRN\nHELP" },
	.mail_fine = { 250, "", "<$F>... Sender ok" },
	.rcpt_fine = { 250, "", "<$T>... Recipient ok" },
	.data_go = { 354, "", "Enter mail, end with \".\" on a line by itself" },
	.done = { 250, "", "Reset state" },
	.bye = { 221, "", "firewall.example.com closing connection. Goodbye!" },
	.queued = VERDICTS(ims_queued),
	.mail_bad = VERDICTS(ims_mail_bad),
	.rcpt_bad = VERDICTS(ims_rcpt_bad),
	.rcpt_later = VERDICTS(ims_rcpt_later),
	.text_bad = VERDICTS(ims_text_bad),
	.unknown = VERDICTS(ims_unknown),
	.text_none = { 503, "", "Need RCPT (recipient)" },
	.out_of_order = { 503, "", "Need MAIL before RCPT" },
	.timeout = { 421, "", "mail.example.org Lost input channel" },
};

void
dialect_without_remarks(struct dialect *d)
{
	d->tls_note = d->certificate = d->user_note = d->failed_note =
	    d->before_mail = d->after_mail = d->tarpit = (struct remark){ 0 };
}
