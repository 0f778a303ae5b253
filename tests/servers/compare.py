#!/usr/bin/env python3
"""Holds what ehlog says of a server's log against the truth of the clients.

    compare.py [--show=N] VARIANT TRUTH FACTS LOG
    compare.py --format VARIANT    which format of ehlog it needs
    compare.py --file VARIANT      which file of the folder is the log
    compare.py --owned VARIANT     which lines of it must be of some session

TRUTH is what drive.py wrote, FACTS what `ehlog --print=json` says of the LOG.
Logs hold different things: variants.py says of each what it holds, and every
leniency is there, with its reason.  What a log holds must be right to the
last recipient.

For a log of protocol lines there are two things that the client cannot know:
replies that the server wrote when the client was gone, and how many of the
commands behind the last reply the server still read.  Both are taken from the
facts (codes, commands), must fit the client's record, and all else is worked
out again from the record so completed.
"""
import argparse
import copy
import json
import os
import sys

import truth
import variants

PROBE = "127.99.0.1"     # the driver asking whether the server is up


class Any:
    """Equal to whatever it is held against."""

    def __eq__(self, other):
        return True

    def __repr__(self):
        return "anything"


ANY = Any()


class Misfit(Exception):
    """The log cannot be that of this client."""


# --- a record completed -------------------------------------------------------

def final_at(rows):
    return {row["to"] for row in rows if "code" in row and
            truth.is_final(rows, row)}


def unasked_reply(rows, last, codes):
    """Whether a reply was to no command, but to what came with it: which rows
    are the commands from the one on that it seemed to answer, when nothing
    else answers one of them."""
    at = last.get("to")
    if last.get("code") not in codes or at is None or any(
            row.get("to") is not None and row["to"] >= at
            for row in rows[:-1] if "code" in row):
        return []
    return [i for i in range(at, len(rows)) if "sent" in rows[i]]


def drop_unread_commands(rows, count, unasked):
    """Commands behind the last reply that the server did not read any more."""
    sent = sum("sent" in row for row in rows)
    if count is None or count > sent:
        raise Misfit("commands: %s, but %d were sent" % (count, sent))
    while sent > count:
        last = rows[-1]
        there = unasked_reply(rows, last, unasked)
        if there:
            # Drops them all: they came together.
            last["to"] = None
            for i in reversed(there):
                del rows[i]
            sent -= len(there)
            continue
        if last.get("code") == 421 and rows[-2:-1] and \
                "sent" in rows[-2] and last["to"] == len(rows) - 2:
            # The server hung up while that command was on its way.
            last["to"] = None
            del rows[-2]
            sent -= 1
            continue
        if "code" in last:
            raise Misfit("commands: %d, but %d were sent and read" %
                         (count, sent))
        sent -= "sent" in last
        rows.pop()


def add_unread_replies(rows, codes, allowed):
    """Replies that the log has and the client did not read."""
    read = [row["code"] for row in rows if "code" in row]
    if codes[:len(read)] != read:
        raise Misfit("codes: the client read %s, the log has %s" %
                     (read, codes))
    for code in codes[len(read):]:
        if not allowed(code):
            raise Misfit("codes: %d was never sent; the client read %s" %
                         (code, read))
        done = final_at(rows)
        waiting = [i for i, row in enumerate(rows)
                   if "sent" in row and i not in done]
        to = waiting[0] if waiting and read else None
        row = {"code": code, "to": to, "enhanced": ANY, "text": ANY}
        if to is not None and any(r.get("code") == 354 and r.get("to") == to
                                  for r in rows):
            row["of_text"] = True
        read.append(code)
        rows.append(row)


def complete(profile, record, fact):
    rows = profile.heard(copy.deepcopy(record["dialogue"]), fact)
    if not any("noise" in row for row in rows):
        drop_unread_commands(rows, fact["commands"], profile.unasked)
    left = record["end"] != "eof"
    add_unread_replies(rows, fact["codes"],
                       lambda code: left or code in profile.unread)
    return rows


# --- facts --------------------------------------------------------------------

def plain(profile, value):
    """Text of the truth as the log and then JSON have it."""
    if isinstance(value, str):
        return profile.text(value)
    if isinstance(value, list):
        return [plain(profile, one) for one in value]
    if isinstance(value, dict):
        return {key: plain(profile, one) for key, one in value.items()}
    return value


def differences(profile, wanted, got, name=""):
    """Names of what differs, with both values."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key, value in wanted.items():
            inner = name + "." + key if name else key
            if inner not in profile.silent:
                yield from differences(profile, value, got.get(key), inner)
    elif isinstance(wanted, list) and isinstance(got, list) and \
            wanted and isinstance(wanted[0], dict):
        if len(wanted) != len(got):
            yield name, wanted, got
        for one, other in zip(wanted, got):
            yield from differences(profile, one, other, name)
    elif name == "tls" and wanted is True:
        if not got:
            yield name, wanted, got
    elif name in ("messages.from", "messages.recipients.to") and \
            wanted is None:
        pass                     # no path by the grammar, whatever it means
    elif name == "worst" and wanted is None:
        if got is not None and got >= 400:
            yield name, wanted, got
    elif not wanted == got:
        yield name, wanted, got


def compare_words(profile, record, fact):
    """Against what of the dialogue such a log tells; where that may be one of
    several things, the one that fits best."""
    got = profile.view(fact)
    found = [list(differences(profile, plain(profile, case), got))
             for case in profile.cases(record)]
    return min(found, key=len)


def compare_one(profile, record, fact):
    if not profile.dialogue:
        yield from compare_words(profile, record, fact)
        return
    try:
        rows = complete(profile, record, fact)
    except Misfit as misfit:
        yield str(misfit).split(":")[0], str(misfit), None
        return
    wanted = truth.facts_of(rows)
    wanted.update({"peer": record["peer"], "port": record["port"],
                   "auth": profile.user(wanted["auth"])})
    if any("noise" in row for row in rows):
        wanted = profile.of_noise(wanted)
    wanted = plain(profile, wanted)
    yield from differences(profile, wanted, fact)


# --- sessions -----------------------------------------------------------------

def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def key_of(profile, row):
    return tuple(row.get(name) for name in profile.match)


class Verdict:
    def __init__(self, show):
        self.show, self.fields = show, {}
        self.same = self.differ = self.missing = self.extra = 0

    def say(self, words):
        if self.show > 0:
            print(words)
        self.show -= 1

    def session(self, record, found):
        for name, wanted, got in found:
            self.fields[name] = self.fields.get(name, 0) + 1
            self.say("session %d (%s, %s): %s: truth %s, ehlog %s" % (
                record["session"], record["scene"], record["peer"], name,
                ascii(wanted), ascii(got)))
        if found:
            self.differ += 1
        else:
            self.same += 1

    def finish(self):
        for name in sorted(self.fields):
            print("%8d times: %s" % (self.fields[name], name))
        total = self.same + self.differ
        print("%d sessions compared, %d differ, %d missing, %d too many" %
              (total, self.differ, self.missing, self.extra))
        return 1 if self.differ or self.missing or self.extra or \
            not total else 0


def read_hops(path):
    """HOPS beside the truth: connections that a relay made."""
    path = os.path.join(os.path.dirname(path), "hops")
    return read(path) if os.path.exists(path) else []


def run(profile, records, facts, log, show, hops):
    verdict = Verdict(show)
    left = {}
    inner = 0
    for fact in facts:
        if not profile.is_session(fact):
            continue
        if profile.inner and fact["peer"] == profile.inner:
            inner += 1
            continue
        left.setdefault(key_of(profile, fact), []).append(fact)
    wanted = profile.inner_sessions(records, log)
    if inner != wanted:
        verdict.extra += 1
        verdict.say("%d sessions with itself, %d wanted" % (inner, wanted))
    hops, onwards = profile.onwards(facts, hops)
    if onwards != hops:
        verdict.extra += 1
        verdict.say("connections to the next hop: truth %s, ehlog %s" %
                    (hops, onwards))
    nameless = 0
    for record in records:
        if not profile.is_logged(record, log):
            nameless += 1
            continue
        there = left.get(key_of(profile, record))
        if not there:
            verdict.missing += 1
            verdict.say("session %d (%s, %s): missing" % (
                record["session"], record["scene"], record["peer"]))
            continue
        verdict.session(record, list(compare_one(profile, record,
                                                 there.pop(0))))
    for rest in left.values():
        for fact in rest:
            if fact["peer"] == PROBE:
                continue
            # Gone before the server asked who it was.
            if fact["peer"] is None and nameless > 0:
                nameless -= 1
                continue
            verdict.extra += 1
            verdict.say("line %d, %s: too many" % (fact["first_line"],
                                                   fact["peer"]))
    return verdict.finish()


def main(argv):
    p = argparse.ArgumentParser(allow_abbrev=False)
    p.add_argument("--show", type=int, default=20)
    p.add_argument("--format", action="store_true",
                   help="only say which format the variant needs")
    p.add_argument("--file", action="store_true",
                   help="only say which file is the log")
    p.add_argument("--owned", action="store_true",
                   help="only say which lines may not be of no session")
    p.add_argument("variant")
    p.add_argument("truth", nargs="?")
    p.add_argument("facts", nargs="?")
    p.add_argument("log", nargs="?")
    options = p.parse_args(argv)
    profile = variants.PROFILES.get(options.variant)
    if not profile:
        sys.exit("compare: no profile of %s" % options.variant)
    if options.format:
        print(profile.format)
        return 0
    if options.owned:
        print(profile.owned or "")
        return 0
    if options.file:
        print(profile.file)
        return 0
    with open(options.log, encoding="utf-8", errors="surrogateescape") as log:
        text = log.read()
    return run(profile, read(options.truth), read(options.facts), text,
               options.show, read_hops(options.truth))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
