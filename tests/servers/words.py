"""Logs that tell in words: what of a dialogue they tell.

Such a log holds no protocol lines.  It names who was refused and why, which
messages came in, how the connection ended.  For each failing reply a profile
says how much of it the log tells:

    CODE      the reply code
    CLASS     only 4xx or 5xx, by words such as `temporarily rejected`
    REFUSED   only that a command failed: the outcome is `refused`
    NOTHING   not a word

What is compared: peer, HELO where told, TLS where told, each message that came
in with its sender and recipients, each refused recipient with its reply, the
worst reply that is told, the failing command's verb, the outcome.
"""
import re

import truth
from profiles import Profile, question_marks, replacement_characters

CODE, CLASS, REFUSED, NOTHING = "code", "class", "refused", "nothing"


# Replies to what is no RCPT command at all, or none in this place: nobody is
# refused by them.
SYNTAX = (500, 501, 502, 503, 504, 555)


class OneOf:
    """Equal to any of some values."""

    def __init__(self, *values):
        self.values = values

    def __eq__(self, other):
        return any(value == other for value in self.values)

    def __repr__(self):
        return "one of %r" % (self.values,)


def failing(rows):
    return [row for row in rows if row.get("code", 0) >= 400]


def command_of(rows, reply):
    return rows[reply["to"]] if reply["to"] is not None else None


def verb_of(rows, reply):
    command = command_of(rows, reply)
    return command["verb"] if command else None


def answered(rows):
    """The rows as they are if the server took all it was sent."""
    rows = [dict(row) for row in rows]
    text = any("body" in row and row["whole"] for row in rows[-2:])
    for at in truth.unanswered(rows):
        row = {"code": 250, "to": at}
        if rows[at]["verb"] == "DATA" and text:
            row["of_text"] = True
        rows.append(row)
    return rows


class Transaction:
    """From MAIL to the reply to its text, or its end without."""

    def __init__(self, mail):
        self.sender, self.helo = truth.path_of(mail["sent"]), None
        self.accepted, self.recipients, self.refused = False, [], []


def transactions(rows):
    found, current, hello = [], None, None
    for i, row in enumerate(rows):
        verb = row.get("verb")
        if verb in ("HELO", "EHLO"):
            hello = row["sent"]
        if verb in ("HELO", "EHLO", "RSET"):
            reply = truth.reply_to(rows, i)
            if reply is None or reply["code"] < 400:
                current = None
        elif verb == "MAIL":
            reply = truth.reply_to(rows, i)
            if reply is None or reply["code"] < 400:
                current = Transaction(row)
                found.append(current)
            elif current is None:
                # Refused: of no transaction, but a log may tell of it.
                found.append(Transaction(row))
        elif verb == "RCPT" and current:
            reply = truth.reply_to(rows, i)
            if reply and reply["code"] >= 400:
                current.refused.append((truth.path_of(row["sent"]), reply))
            elif reply:
                current.recipients.append(truth.path_of(row["sent"]))
        elif row.get("of_text") and current:
            current.accepted = row["code"] < 400
            current = None
    return found


class Words(Profile):
    dialogue = False
    silent = ("port",)
    not_refused = SYNTAX     # by these codes nobody is refused

    # --- what each log defines --------------------------------------------

    def told(self, rows, reply):
        raise NotImplementedError

    def lost_verb(self, rows):
        """The failing command of a dropped session."""
        sent = [row["verb"] for row in rows if "sent" in row]
        return sent[-1] if sent else None

    # --- the truth as the log tells it ---------------------------------------

    def reply_of(self, rows, reply):
        """(code, enhanced) as told."""
        told = self.told(rows, reply)
        enhanced = self.enhanced(rows, reply, told)
        if told == CODE:
            return reply["code"], enhanced
        return OneOf(None, reply["code"]), enhanced

    def enhanced(self, rows, reply, told):
        return reply.get("enhanced") if told == CODE else OneOf(
            None, reply.get("enhanced"))

    def worst(self, rows):
        """5xx before 4xx; of a class one with a code, and the first."""
        told = [(row, self.told(rows, row)) for row in failing(rows)]
        told = [(row, how) for row, how in told if how in (CODE, CLASS)]
        told.sort(key=lambda one: (-(one[0]["code"] // 100), one[1] != CODE))
        return told[0][0] if told else None

    def failed(self, rows, worst, outcome):
        known = {"HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "NOOP",
                 "QUIT", "VRFY", "EXPN", "HELP", "AUTH", "STARTTLS", "BDAT"}
        if worst:
            verb = verb_of(rows, worst)
            if worst["code"] == 421:
                # `timeout after MAIL`: the one before; or none
                last = Words.lost_verb(self, rows)
                return OneOf(None, verb, last if last in known else "?")
            return verb
        if outcome == "refused":
            # Which of those that failed was the first is not told.
            verbs = [verb_of(rows, row) for row in failing(rows)
                     if self.told(rows, row) == REFUSED]
            return OneOf(*[v if v in known else OneOf("?", v) for v in verbs])
        if outcome == "dropped":
            return self.lost_verb(rows)
        return None

    def outcome(self, rows, worst):
        if worst:
            return "permanent" if worst["code"] >= 500 else "temporary"
        if any(self.told(rows, row) == REFUSED for row in failing(rows)):
            return "refused"
        plain = [row for row in rows if row.get("code", 0) < 400]
        return truth.facts_of(rows)["outcome"] if len(plain) == len(rows) \
            else self.outcome_untold(rows)

    def outcome_untold(self, rows):
        """Something failed and the log does not say a word of it."""
        verbs = {row["verb"] for row in rows if "sent" in row}
        if truth.in_transaction(rows) or truth.unanswered(rows):
            return "dropped"
        return "ok" if verbs & {"MAIL", "RCPT", "DATA"} else "empty"

    def helo(self, rows):
        """Of the first refusal that is told."""
        last = None
        for i, row in enumerate(rows):
            if row.get("verb") in ("HELO", "EHLO"):
                last = i
            if row.get("code", 0) >= 400 and self.names_helo(rows, row):
                break
        else:
            return None
        return self.helo_text(rows[last]["sent"]) if last is not None else None

    def helo_text(self, sent):
        return sent[4:].strip()

    def names_helo(self, rows, reply):
        return self.told(rows, reply) in (CODE, CLASS)

    def wanted(self, rows):
        worst = self.worst(rows)
        outcome = self.outcome(rows, worst)
        code = enhanced = None
        if worst:
            code, enhanced = self.reply_of(rows, worst)
        found = transactions(rows)
        return {
            "helo": self.helo(rows),
            "tls": True if any("tls" in row for row in rows) else None,
            "auth": self.user(truth.user_of(rows)),
            "messages": [[t.sender, sorted(t.recipients)] for t in found
                         if t.accepted],
            "refused": [[to, *self.reply_of(rows, reply)] for t in found
                        for to, reply in t.refused
                        if reply["code"] not in self.not_refused and
                        self.told(rows, reply) in (CODE, CLASS)],
            "worst": code, "worst_enhanced": enhanced,
            "failed_command": self.failed(rows, worst, outcome),
            "outcome": outcome,
        }

    def of_noise(self, rows):
        """Of bytes that are no SMTP the client cannot tell which the server
        takes for commands: peer and outcome alone."""
        return {"messages": [], "outcome": self.noise_outcome(
            [row["code"] for row in rows if "code" in row and (
                row["code"] < 400 or self.told(rows, row) != NOTHING)],
            "QUIT" in "".join(row.get("noise", "") for row in rows))}

    def noise_outcome(self, codes, quit_said):
        raise NotImplementedError

    def heard(self, rows):
        """The rows without replies that the log could not tell of."""
        return rows

    def cases(self, record):
        """What the log may say: more than one where the client was gone
        before the reply to what it said last."""
        rows = self.heard(record["dialogue"])
        waiting = truth.unanswered(rows)
        if waiting and rows[waiting[-1]].get("cut"):
            # Half a command that drew no reply is none to the server.
            rows = rows[:waiting[-1]]
        if any("noise" in row for row in rows):
            cases = [self.of_noise(rows)]
        else:
            cases = [self.wanted(rows)]
            if record["end"] != "eof" and truth.unanswered(rows):
                cases.append(self.wanted(answered(rows)))
        for case in cases:
            case.update(peer=record["peer"], port=record["port"])
        return cases

    # --- what ehlog says, in the same words -------------------------------------

    @staticmethod
    def is_delivered(r):
        return r["code"] is not None and r["code"] < 300 or (
            r["code"] is None and (r["enhanced"] or "").startswith("2."))

    @staticmethod
    def is_refused(r):
        return r["code"] is not None and r["code"] >= 400 or (
            r["code"] is None and r["text"] is not None and
            not Words.is_delivered(r))

    def delivered(self, m):
        """Recipients of a message that came in."""
        return [r["to"] for r in m["recipients"] if self.is_delivered(r)]

    def view(self, fact):
        messages, refused = [], []
        for m in fact["messages"]:
            there = self.delivered(m)
            if there:
                messages.append([m["from"], sorted(there)])
            refused += [[r["to"], r["code"], r["enhanced"]]
                        for r in m["recipients"] if self.is_refused(r) and
                        r["code"] not in self.not_refused]
        command = fact["failed_command"]
        return {**fact, "messages": messages, "refused": refused,
                "failed_command": command.split(None, 1)[0].upper()
                if command else None}


class Postfix(Words):
    format = "postfix"
    not_refused = ()         # `Illegal address syntax` names the recipient

    def text(self, text):
        return question_marks(text)

    def told(self, rows, reply):
        verb, enhanced = verb_of(rows, reply), reply.get("enhanced")
        text = reply["text"].lower()
        if reply["code"] == 421:
            return CODE          # `timeout after`, `too many errors after`
        if enhanced == "5.5.2" and text.startswith("error: bad"):
            return NOTHING       # NUL or no UTF-8: not even counted
        if reply.get("of_text"):
            # `reject: header ...: 5.7.1`, `queue file size limit exceeded`
            return CLASS if enhanced in ("5.7.1", "5.3.4") else REFUSED
        if verb == "AUTH":       # `SASL PLAIN authentication failed`
            return CLASS if reply["code"] == 535 else REFUSED
        if enhanced in ("5.1.3", "5.1.7"):
            # `Illegal address syntax ... in MAIL command`, but not of one
            # that has no `>`.
            return CLASS if ">" in command_of(rows, reply)["sent"] else REFUSED
        if verb in ("MAIL", "RCPT", "VRFY") and not (
                enhanced in ("5.5.1", "5.5.2", "5.5.4") or
                text.startswith("error:") or "syntax" in text):
            return CODE          # `reject: RCPT from ...: 550 5.1.1`
        return REFUSED           # `rcpt=0/1` at disconnect

    def enhanced(self, rows, reply, told):
        if reply["code"] == 421 or verb_of(rows, reply) == "AUTH":
            return None          # not in these words
        return super().enhanced(rows, reply, told)

    def names_helo(self, rows, reply):
        if reply.get("enhanced") in ("5.1.3", "5.1.7", "5.3.4"):
            return reply["code"] == 552 and not reply.get("of_text")
        told = self.told(rows, reply)
        return told in (CODE, CLASS) and reply["code"] not in (421, 535)

    def helo_text(self, sent):
        """`<` and `>` are `?` in it."""
        return re.sub("[<>]", "?", sent[4:].strip())

    def noise_outcome(self, codes, quit_said):
        if any(code >= 400 for code in codes) or (
                221 in codes and not quit_said):
            return "refused"     # 221 also drives off who speaks HTTP or TLS
        return "empty"


class PostfixScreen(Postfix):
    """postscreen tells of refused recipients, of how a client broke the rules
    and how it left, but of no other command; who passes is smtpd's."""

    silent = ()
    passed = False
    # tlsproxy may be done when postscreen has told of the end.
    owned = r"postfix/(smtpd|postscreen|cleanup|qmgr)\S*: " \
        r"(?!warning: |cache )|postfix/tlsproxy\S*: (?!DISCONNECT )"

    def cases(self, record):
        self.passed = record.get("passed")
        return super().cases(record)

    def told(self, rows, reply):
        if self.passed:
            return super().told(rows, reply)
        if reply["code"] == 421:
            return CODE          # `COMMAND TIME LIMIT`
        # `NOQUEUE: reject: RCPT from [..]: 450 4.3.2 Service currently ..`
        return CODE if verb_of(rows, reply) == "RCPT" else NOTHING

    def helo_text(self, sent):
        """postscreen takes its first word."""
        text = super().helo_text(sent)
        return text if self.passed else text.split(" ")[0]

    def outcome_untold(self, rows):
        return super().outcome_untold(rows) if self.passed else "empty"

    def outcome(self, rows, worst):
        return super().outcome(rows, worst) if self.passed or worst else \
            "empty"

    def noise_outcome(self, codes, quit_said):
        if any(code >= 500 for code in codes):
            return "permanent"
        return "temporary" if any(code >= 400 for code in codes) else "empty"


class Relay:
    """What the next hop said of each message is in the log as well, under the
    session that brought it in (add_fates.py)."""

    def fate(self, to, fate):
        """(code, enhanced) as told."""
        return fate[:2]

    def class_of(self, to, fate):
        """0, 4 or 5."""
        return fate[0] // 100 if fate[0] and fate[0] >= 400 else \
            0 if fate[0] else 4

    def bounces(self, record):
        return [["", [to, code, "2.0.0"]] for to, code in record["bounces"]]

    def cases(self, record):
        cases = super().cases(record)
        for case in cases:
            self.add_fates(case, record)
        return cases

    def add_fates(self, case, record):
        fates = record["fates"]
        case["messages"] = sorted(
            [[sender, [to, *self.fate(to, fates[to])]] for sender, recipients
             in case["messages"] for to in recipients] +
            self.bounces(record), key=repr)
        those = {to: self.class_of(to, fate) for to, fate in fates.items()}
        worst = max(those.values(), default=0)
        if worst < 4:
            return
        here = case["worst"] // 100 if isinstance(case["worst"], int) else 0
        told = [[*self.fate(to, fates[to]), self.verb(fates[to])]
                for to, class_ in those.items() if class_ == worst > here - 1]
        if here >= worst:
            told.append([case["worst"], case["worst_enhanced"],
                         case["failed_command"]])
        codes, enhanced, verbs = zip(*told)
        case.update(outcome="permanent" if max(worst, here) == 5 else
                    "temporary", worst=OneOf(*codes),
                    worst_enhanced=OneOf(*enhanced),
                    failed_command=OneOf(*verbs))

    def verb(self, fate):
        """The command that failed there."""
        return fate[2]

    def view(self, fact):
        seen = super().view(fact)
        messages = []
        for m in fact["messages"]:
            # Refused here: in no queue, or named among the refused.
            for r in m["recipients"]:
                if m["id"] and not self.is_here(r):
                    messages.append([m["from"], [r["to"], r["code"],
                                                 r["enhanced"]]])
        seen["messages"] = sorted(messages, key=repr)
        seen["refused"] = [one for one in seen["refused"]
                           if one[0].endswith("@elsewhere.example")]
        if seen["failed_command"] == "END":      # `end of DATA`
            seen["failed_command"] = "DATA"
        return seen

    def is_here(self, r):
        return r["to"].endswith("@elsewhere.example")


class PostfixRelay(Relay, Postfix):
    inner = "127.0.0.1"      # the filter's way back
    # Nothing that Postfix says of mail may be of no session.
    owned = r"postfix/(smtpd|cleanup|qmgr|smtp|lmtp|scan|bounce|local)\S*: " \
        r"(?!warning: dict_nis_init)"

    def inner_sessions(self, records, log):
        """One connection may bring several messages: as many as there are."""
        n = len(re.findall(r"smtpd\S*: connect from \S+\[127\.0\.0\.1\]\n",
                           log))
        return min(n, sum(record["reinjected"] for record in records))

    def helo(self, rows):
        """`filter: RCPT from ..` names it, too."""
        for row in rows:
            if row.get("verb") == "RCPT" and "@filtered." in row["sent"]:
                return self.helo_text(next(
                    one["sent"] for one in reversed(rows)
                    if one.get("verb") in ("HELO", "EHLO")))
        return super().helo(rows)


class PostfixRelayVerbose(PostfixRelay):
    """With `smtp -v` the connections to the next hop are sessions of their
    own: one may carry messages of several, and a line is of one session."""

    format = "postfix-verbose"
    owned = r"postfix/(smtpd|cleanup|qmgr|lmtp|scan|bounce|local)\S*: " \
        r"(?!warning: dict_nis_init)|postfix/smtp\S*: ([<>] |[0-9A-F]{6,}: )"

    def is_session(self, fact):
        return fact["direction"] != "out"

    def onwards(self, facts, hops):
        """QUIT is sent and its reply not waited for, and until a process
        connects again nothing says that it was the end; where no reply came
        nobody listened."""
        return sorted([at, tls, outcome,
                       codes[:-1] if codes[-1] == 221 else codes]
                      for at, tls, _, codes, outcome in hops), sorted(
            [fact["peer"], bool(fact["tls"]),
             "ok" if fact["outcome"] == "open" else fact["outcome"],
             fact["codes"]] for fact in facts if fact["direction"] == "out" and
            fact["codes"])


class Exim(Words):
    """The main log with log_selector = +all."""

    format = "exim"
    file = "mainlog"
    silent = ()
    syntax_told = True       # `SMTP syntax error in`, `SMTP protocol error in`

    def user(self, user):
        return None if user is None else ""      # there is no server_set_id

    def heard(self, rows):
        """`421 lost input connection` is for nobody; the log has words about
        the loss."""
        return [row for row in rows if not (
            row.get("code") == 421 and "timeout" not in row["text"])]

    def is_access(self, rows, reply):
        """An access control list said no, not the syntax check."""
        verb = verb_of(rows, reply)
        return verb is None or reply.get("of_text") or \
            verb in ("EXPN",) or reply["code"] not in SYNTAX

    def told(self, rows, reply):
        verb, text = verb_of(rows, reply), reply["text"]
        if reply["code"] == 421 or verb == "AUTH" and reply["code"] == 535:
            return CODE          # `SMTP command timeout`, `535 Incorrect ...`
        if verb == "RCPT" and reply["code"] == 552 and "full" in text:
            return CODE          # this list's message begins with a code
        if self.is_access(rows, reply) or verb in ("HELO", "EHLO"):
            return CLASS         # `rejected`, `temporarily rejected`
        if verb == "MAIL" and reply["code"] == 503 and "HELO" in text.upper():
            return CLASS         # `no HELO/EHLO given`
        if verb == "RCPT" and reply["code"] == 503 and any(
                row["code"] in (451, 550) for row in failing(rows)
                if verb_of(rows, row) == "MAIL"):
            return NOTHING       # behind a refused MAIL that goes without saying
        return CLASS if self.syntax_told else self.untold(rows, reply)

    def lost_verb(self, rows):
        """`while reading message data`; of other commands it does not say
        which was the last."""
        verb = super().lost_verb(rows)
        return verb if verb == "DATA" else OneOf(None, verb)

    def untold(self, rows, reply):
        return NOTHING

    def enhanced(self, rows, reply, told):
        return reply.get("enhanced") if told == CODE and \
            reply["code"] == 552 else None

    def helo(self, rows):
        """Of one that the server took, in whichever line comes first."""
        names = []
        for i, row in enumerate(rows):
            reply = truth.reply_to(rows, i)
            if row.get("verb") in ("HELO", "EHLO") and reply and \
                    reply["code"] < 400:
                names.append(self.helo_text(row["sent"]))
        return OneOf(*names, None)

    def delivered(self, m):
        if not m["id"] or m["text"] is not None or (m["code"] or 0) >= 400:
            return []
        return [r["to"] for r in m["recipients"] if not self.is_refused(r)]

    def noise_outcome(self, codes, quit_said):
        codes = [code for code in codes if code != 421]
        return "permanent" if any(code >= 500 for code in codes) else "empty"


class EximNormal(Exim):
    """With the default selector, which tells of no syntax error; but of the
    one that ends the session: `dropped: too many syntax or protocol errors`."""

    silent = ("port", "tls")
    syntax_told = False

    def untold(self, rows, reply):
        # By identity: one reply may look like another.
        codes = [row for row in rows if "code" in row]
        return CLASS if codes[-1] is reply else NOTHING

    def noise_outcome(self, codes, quit_said):
        return OneOf("permanent", "empty")


class EximRelay(Relay, Exim):
    owned = r"(<=|=>|->|\*\*|==|Completed|SMTP connection from|rejected|" \
        r"authenticator failed)"

    def user(self, user):
        return user              # `A=plain:ann`

    def fate(self, to, fate):
        """A host that was busy or hung up is not asked again for a while:
        `retry time not reached for any host`; that one does not answer has no
        code."""
        if fate[2] == "CONNECT" and fate[0]:
            return OneOf(fate[0], None), OneOf(fate[1], None)
        return fate[0], fate[1] if fate[0] else None

    def verb(self, fate):
        asked = fate[0] and fate[2] != "CONNECT"
        return fate[2] if asked else OneOf(fate[2], None)

    def lost_verb(self, rows):
        """`while reading message data`, also of BDAT."""
        verb = super().lost_verb(rows)
        return OneOf(None, "BDAT", "DATA") if verb == "BDAT" else verb


class Sendmail(Words):
    """syslog at LogLevel 9."""

    format = "sendmail"
    file = "maillog"

    def told(self, rows, reply):
        verb, text = verb_of(rows, reply), reply["text"]
        if reply["code"] == 421:
            return CLASS if "open proxy" in text else NOTHING
        if "SMTP protocol error" in text or \
                verb == "AUTH" and reply["code"] == 535:
            return CLASS         # `rejecting server EHLO`, `AUTH failure`
        if reply.get("of_text"):
            # `message size ... exceeds`, `ruleset=CheckSubject`
            return CLASS if "exceeds" in text else CODE
        if verb == "RCPT" and any(word in text for word in (
                "User unknown", "Unbalanced", "token too long",
                "Syntax error in parameters")):
            return CLASS
        if verb in ("MAIL", "RCPT") and "Unbalanced" not in text and \
                "exceeds" not in text and reply["code"] not in SYNTAX:
            return CODE          # `ruleset=check_mail`
        return NOTHING           # errors before there is a message

    def failed(self, rows, worst, outcome):
        """Words without a path do not tell the command; a client that is
        unwelcome is told so at each of its commands."""
        verb = super().failed(rows, worst, outcome)
        if worst and (worst["code"] in SYNTAX or worst["code"] >= 553):
            return OneOf(verb, None)
        return verb

    def outcome(self, rows, worst):
        outcome = super().outcome(rows, worst)
        if outcome == "dropped" and any("Too many bad" in row.get("text", "")
                                        for row in rows):
            return OneOf("dropped", "empty")     # not a word of it
        return outcome

    def heard(self, rows):
        """`421 ... Lost input channel` and its like have words of their own:
        `lost input channel from`, `premature EOM`, `timeout waiting`."""
        return [row for row in rows if row.get("code") != 421 or
                not re.search("ost input channel|collect: |imeout waiting|"
                              "imeout$", row["text"])]

    def lost_verb(self, rows):
        return OneOf(None, super().lost_verb(rows))

    def helo(self, rows):
        return None

    def seven_bits(self, name):
        """In `<address>... User unknown` the high bit is gone; long names are
        cut; what has no `>` is no path."""
        name = "".join(chr(b & 0x7f) for b in name.encode(
            "utf-8", "surrogateescape"))
        return name if len(name) < 200 else name[:20]

    def wanted(self, rows):
        facts = super().wanted(rows)
        cut = [truth.path_of(row["sent"]) for row in rows
               if row.get("verb") == "RCPT" and ">" not in row["sent"]]
        facts["refused"] = [[self.seven_bits(to), code, enhanced]
                            for to, code, enhanced in facts["refused"]
                            if to not in cut]
        return facts

    def view(self, fact):
        seen = super().view(fact)
        seen["refused"] = [[self.seven_bits(to), code, enhanced]
                           for to, code, enhanced in seen["refused"]]
        return seen

    def noise_outcome(self, codes, quit_said):
        if 554 in codes:
            return "permanent"   # `rejecting server EHLO`
        return OneOf("temporary", "empty") if 421 in codes else "empty"


class Opensmtpd(Words):
    """Every refusal has its command and its reply."""

    format = "opensmtpd"
    file = "maillog"
    silent = ("port",)

    def told(self, rows, reply):
        return CODE              # `failed-command`, `bad-input`

    def failed(self, rows, worst, outcome):
        if outcome == "permanent" or outcome == "temporary":
            return OneOf(verb_of(rows, worst), None)   # none of `bad-input`
        return OneOf(None, super().failed(rows, worst, outcome))

    def outcome(self, rows, worst):
        """Of MAIL and RCPT that end in no message there is no word."""
        if worst:
            return super().outcome(rows, worst)
        if any(t.accepted for t in transactions(rows)):
            return OneOf("ok", truth.facts_of(rows)["outcome"])
        return OneOf("empty", truth.facts_of(rows)["outcome"])

    def helo(self, rows):
        return None

    def noise_outcome(self, codes, quit_said):
        return "permanent" if any(code >= 500 for code in codes) else "empty"


class OpensmtpdRelay(Relay, Opensmtpd):
    """The connections to the next hop are sessions of their own, beside what
    became of each envelope."""

    inner = "local"          # bounces come in so
    owned = r"smtpd\[\d+\]: ([0-9a-f]{16} (smtp|mta|mda) |smtp-out: Error )"

    def is_session(self, fact):
        return fact["direction"] != "out"

    def inner_sessions(self, records, log):
        return len(re.findall(r"smtp connected address=local ", log))

    def onwards(self, facts, hops):
        """The port is the sink's: nobody listens on the other one."""
        return [hop[:3] for hop in hops], sorted(
            [fact["peer"], bool(fact["tls"]), fact["outcome"]]
            for fact in facts if fact["direction"] == "out" and
            fact["port"] == 2525)

    def bounces(self, record):
        return []                # of the session that brings the bounce in

    def fate(self, to, fate):
        """Of a route that does not work, and of what mail.lmtp is told, it
        has words alone; and a failure by LMTP is TempFail."""
        if fate[2] == "CONNECT" or fate[0] is None:
            return None, None
        if to.endswith("@lmtp.example"):
            return (250 if fate[0] < 300 else None), None
        return fate[:2]

    def class_of(self, to, fate):
        there = super().class_of(to, fate)
        return 4 if there and to.endswith("@lmtp.example") else there

    def verb(self, fate):
        return None              # of the next hop's replies it tells none


class HarakaLogfmt(Words):
    """Level info: what the hooks said, and at the end `lr=`, the last reply
    that was a failure, without its command."""

    format = "haraka"
    file = "haraka.log"
    silent = ()

    def text(self, text):
        return replacement_characters(text)

    def told(self, rows, reply):
        if self.is_hook(rows, reply) or failing(rows)[-1] is reply:
            return CODE
        return NOTHING

    def user(self, user):
        return None              # only at level notice

    def is_hook(self, rows, reply):
        """`code=DENY`, `code=DENYSOFT`: not the parser's own replies."""
        return reply["code"] in (450, 550) and (reply.get("of_text") or
            verb_of(rows, reply) in ("MAIL", "RCPT"))

    def enhanced(self, rows, reply, told):
        return reply.get("enhanced")

    def failed(self, rows, worst, outcome):
        if worst and not self.is_hook(rows, worst):
            return None
        return super().failed(rows, worst, outcome)

    def lost_verb(self, rows):
        return OneOf(None, super().lost_verb(rows))

    def helo(self, rows):
        """The last that was taken, at disconnect; a name has no blanks."""
        name = None
        for i, row in enumerate(rows):
            reply = truth.reply_to(rows, i)
            if row.get("verb") in ("HELO", "EHLO") and reply and \
                    reply["code"] < 400:
                name = " ".join(row["sent"].split()[1:2])
        return name

    def delivered(self, m):
        if m["code"] is None or m["code"] >= 400:
            return []
        return [r["to"] for r in m["recipients"] if not self.is_refused(r)]

    def noise_outcome(self, codes, quit_said):
        if any(code >= 500 for code in codes):
            return "permanent"
        return "temporary" if any(code >= 400 for code in codes) else "empty"
