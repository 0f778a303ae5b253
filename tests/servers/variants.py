"""Which profile goes with which folder of tests/logs."""
import profiles
import words

PROFILES = {
    "curl": profiles.Curl(),
    "swaks": profiles.Swaks(),
    "aiosmtpd": profiles.Aiosmtpd(),
    "haraka-protocol": profiles.Haraka(),
    "haraka-logfmt": words.HarakaLogfmt(),
    "opensmtpd-maillog": words.Opensmtpd(),
    "opensmtpd-relay": words.OpensmtpdRelay(),
    "sendmail-9": words.Sendmail(),
    "smtp-server": profiles.SmtpServer(),
    "postfix-normal": words.Postfix(),
    "postfix-relay": words.PostfixRelay(),
    "postfix-relay-verbose": words.PostfixRelayVerbose(),
    "postfix-screen": words.PostfixScreen(),
    "postfix-verbose": profiles.PostfixVerbose(),
    "exim-all": words.Exim(),
    "exim-normal": words.EximNormal(),
    "exim-relay": words.EximRelay(),
    "exim-debug": profiles.EximDebug(),
    "sendmail-15": profiles.SendmailDialogue(),
    "sendmail-x": profiles.SendmailX(),
    "opensmtpd-report": profiles.OpensmtpdReport(),
    "opensmtpd-trace": profiles.OpensmtpdTrace(),
}
