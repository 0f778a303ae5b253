"""Logs of protocol lines: what each holds.

Such a log holds the dialogue, and everything must come out of it as the client
lived it.  Each leniency has its reason beside it; what has none is compared
exactly.
"""
import re

def same(text):
    """Bytes that are no UTF-8 stand in JSON as if they were ISO 8859-1."""
    return "".join(chr(ord(c) - 0xdc00) if 0xdc80 <= ord(c) <= 0xdcff else c
                   for c in text)


def question_marks(text):
    """Postfix: what cannot be printed, and bytes that are no UTF-8, are `?`."""
    return re.sub(r"[\x00-\x1f\x7f\udc80-\udcff]", "?", text)


def replacement_characters(text):
    """Haraka, smtp-server: bytes that are no UTF-8 are U+FFFD."""
    return re.sub("[\udc80-\udcff]", "\ufffd", text)


class Profile:
    """A log of protocol lines that tells the peer's address."""

    format = None            # the format of ehlog that reads it
    file = "mail.log"        # the log's name in the folder
    dialogue = True
    match = ("peer",)        # what a session is found by
    unread = ()              # codes the server logs though it sends nothing
    unasked = ()             # codes that may answer all that was pipelined
    silent = ()              # facts that the log does not hold
    inner = None             # peer of sessions that the server has with itself
    owned = None             # no line that looks so may be of no session

    def text(self, text):
        return same(text)

    def heard(self, rows, fact):
        """The rows without what the log does not show."""
        return rows

    def user(self, user):
        """Who authenticated, as the log tells it; None: nobody."""
        return user

    def onwards(self, facts, hops):
        """What add_fates.py has of connections to the next hop, and the same
        as ehlog tells it."""
        return None, None

    def of_noise(self, wanted):
        """Of bytes that are no SMTP the client cannot know which of them the
        server takes for commands: only the replies are settled, and an
        outcome that follows from them."""
        kept = {key: wanted[key] for key in
                ("peer", "port", "codes", "worst", "worst_enhanced")}
        if wanted["worst"]:
            kept["outcome"] = wanted["outcome"]
        return kept

    def is_session(self, fact):
        return True

    def inner_sessions(self, records, log):
        """How many of them the log must have."""
        return 0

    def is_logged(self, record, log):
        """Who is gone before the server asks for the address, or says nothing
        that this log would tell, is not in it: then no line of the log has
        the address, which only one session has."""
        return re.search(re.escape(record["peer"]) + r"(?!\d)", log)


class PostfixVerbose(Profile):
    format = "postfix-verbose"
    silent = ("port",)       # smtpd_client_port_logging is off

    def text(self, text):
        return question_marks(text)


class EximDebug(Profile):
    format = "exim-debug"
    file = "exim.log"
    unread = (421,)          # "421 Lost incoming connection" is for the log
    silent = ("port",)       # log_selector has no incoming_port


class SendmailDialogue(Profile):
    format = "sendmail"
    file = "maillog"
    unread = (421,)          # "421 Lost input channel" is for the log
    silent = ("port",)


class SendmailX(Profile):
    format = "sendmail-x"
    file = "traffic"
    match = ("key",)         # the address is only in the reply to EHLO
    silent = ("port", "peer")
    unread = (421,)          # "421 Lost input channel" is for the log

    def is_session(self, fact):
        """The driver asking whether the server is up comes first."""
        return fact["first_line"] > 1

    def is_logged(self, record, log):
        return re.search(r"(?m)^%s >>> " % record["key"], log)


class OpensmtpdTrace(Profile):
    format = "opensmtpd"
    file = "smtpd.log"
    unasked = (500,)         # "Pipelining not supported", and hangs up
    silent = ("port",)


class OpensmtpdReport(Profile):
    format = "opensmtpd-report"
    file = "reports"
    unasked = (500,)         # as above

    def text(self, text):
        """What was said in AUTH is hidden."""
        return re.sub("^(AUTH PLAIN) .+", r"\1 ********", same(text))


class Haraka(Profile):
    format = "haraka"
    file = "haraka.log"

    def text(self, text):
        return replacement_characters(text)


class SmtpServer(Profile):
    format = "transcript"
    file = "smtp-server.log"
    silent = ("port",)

    def text(self, text):
        """What was said in AUTH is hidden."""
        return re.sub("^(AUTH [A-Z]+) .+", r"\1 /* secured */",
                      replacement_characters(text))

    def user(self, user):
        return None if user is None else ""      # likewise


class Aiosmtpd(Profile):
    format = "transcript"

    def text(self, text):
        """What was said in AUTH is hidden."""
        return re.sub("^(AUTH [A-Z]+) .+", r"\1 ********", same(text))

    def user(self, user):
        return None if user is None else ""      # likewise


class Swaks(Profile):
    """A client's own log, against sink.py: one after the other."""

    format = "transcript"
    file = "swaks.log"
    match = ("number",)

    def is_logged(self, record, log):
        return True

    def heard(self, rows, fact):
        """QUIT is also said, and shown, when the server has hung up."""
        if not any(row.get("verb") == "QUIT" for row in rows) and sum(
                "sent" in row for row in rows) + 1 == fact["commands"]:
            rows.append({"sent": "QUIT", "verb": "QUIT"})
        return rows


class Curl(Swaks):
    file = "curl.log"

    def heard(self, rows, fact):
        """QUIT is said when nobody looks any more."""
        rows = super().heard(rows, fact)
        if sum("sent" in row for row in rows) == fact["commands"] + 1:
            while rows and rows[-1].get("verb") != "QUIT":
                rows = rows[:-1]
            return rows[:-1]
        return rows
