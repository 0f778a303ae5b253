#!/usr/bin/env python3
"""Adds to the truth of a relay's clients what became of their messages.

    add_fates.py TRUTH SINK [hops]

SINK is the truth of the next hop (sink.py).  Each row gets

    fates       by recipient: the code and enhanced code that the next hop gave
                for it, and the command; where it gave none, what a relay is
                bound to say by RFC 3463: 4.4.1, nobody answers, and 4.4.2,
                the connection was lost
    bounces     senders that were told of a failure, and the code for that
    reinjected  how many messages went through the filter

and `hops` beside it, where asked for, gets a line for each connection by SMTP
that the next hop had: where, whether with TLS, how the connection went, the
codes of all replies, and the outcome as a session.
"""
import json
import os
import sys

import truth

UNHEARD = {"closed.example": [None, "4.4.1", "CONNECT"],
           "busy.example": [421, "4.3.2", "CONNECT"],
           "hang.example": [None, "4.4.2", "RCPT"]}


def last_of(replies):
    return [replies["code"], replies.get("enhanced")]


def transactions(rows):
    """(sender, [(recipient, fate)]) of each MAIL of a session."""
    sender, recipients = None, []
    for at, row in enumerate(rows):
        verb = row.get("verb")
        if verb == "MAIL":
            if recipients:
                yield sender, recipients
            sender, recipients = truth.path_of(row["sent"]), []
        elif verb == "RCPT":
            reply = truth.reply_to(rows, at)
            if reply:
                recipients.append([truth.path_of(row["sent"]),
                                   last_of(reply) + ["RCPT"]])
        elif verb == "DATA":
            text = [last_of(one) + ["DATA"] for one in rows
                    if one.get("of_text") and one["to"] == at]
            taken = [one for one in recipients if one[1][0] < 300]
            for i, one in enumerate(taken):
                # One reply for all, or by LMTP one for each.
                one[1] = text[i if len(text) > 1 else 0]
    if recipients:
        yield sender, recipients


def hop_of(row):
    verbs = [one["verb"] for one in row["dialogue"] if "sent" in one]
    if "LHLO" in verbs:
        return None
    went = "temporary" if row["codes"][:1] == [421] else \
        "ok" if "QUIT" in verbs else "dropped"
    return [row["at"], bool(row["tls"]), went, row["codes"],
            row["outcome"]]


def add_hops(path, sink):
    with open(sink, encoding="ascii") as lines:
        hops = [hop_of(json.loads(line)) for line in lines]
    with open(path, "w", encoding="ascii") as out:
        for hop in sorted(hop for hop in hops if hop):
            out.write(json.dumps(hop) + "\n")


def main(path, sink, hops=None):
    if hops:
        add_hops(os.path.join(os.path.dirname(path), hops), sink)
    fates, bounces = {}, {}
    with open(sink, encoding="ascii") as lines:
        for line in lines:
            for sender, recipients in transactions(json.loads(line)["dialogue"]):
                for to, fate in recipients:
                    if sender == "":
                        bounces[to] = fate[0]
                    else:
                        fates[to] = fate
    with open(path, encoding="ascii") as lines:
        rows = [json.loads(line) for line in lines]
    with open(path, "w", encoding="ascii") as out:
        for row in rows:
            sent = [m for m in row["messages"] if m["code"] and
                    m["code"] < 300]
            taken = [r["to"] for m in sent for r in m["recipients"]
                     if r["code"] < 300]
            row["fates"] = {to: fates.get(to) or UNHEARD[to.split("@")[1]]
                            for to in taken}
            row["bounces"] = [[m["from"], bounces[m["from"]]] for m in sent
                              if m["from"] in bounces]
            row["reinjected"] = sum(
                any(r["to"].endswith("@filtered.example")
                    for r in m["recipients"]) for m in sent)
            out.write(json.dumps(row, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
