"""What a client's record means, under the names of `ehlog --print=json`.

The rules are those of src/index/digest.c, written a second time from their
words alone:

- outcome: a 5xx reply, permanent; else a 4xx, temporary; else dropped, when
  the session ended between MAIL and the final reply or a command other than
  QUIT has no reply; else empty, when none of MAIL, RCPT, DATA was said;
  else ok.
- worst: 5xx before 4xx, of one class the first.
- failed_command: the one that drew the worst reply; of a dropped session the
  first without a reply.

The dialogue is the client's record as plain rows, in the order of things:

    {"sent", "verb"}   a command; "cut": without its end of line
                       (the octets behind BDAT are a row of "body")
    {"code", "to"}     a reply, and the row of the command it answers, or
                       null; "enhanced"; "text" of 4xx and 5xx; "of_text":
                       it answers the message text
    {"body", "whole"}  message text, its size; not whole: cut
    {"secret"}         what 334 asked for
    {"noise"}          bytes that are no SMTP
    {"tls"}            TLS stands

Bytes that are no UTF-8 are lone surrogates, as Python has them.
"""
import base64
import json
import re
import sys

ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?: |$)")
PATH = re.compile(r"(?:FROM|TO):\s*<(.*)>(?: [^>]*)?$", re.I | re.S)
OPEN_PATH = re.compile(r"(?:FROM|TO):\s*<([^>]*)$", re.I | re.S)


def words(data):
    return data.decode("utf-8", "surrogateescape")


def join(lines):
    """The text of a reply of several lines: the enhanced code once."""
    found = ENHANCED.match(words(lines[0]))
    mark = found.group(0).encode() if found else None
    return b" ".join([lines[0]] + [
        line[len(mark):] if mark and line.startswith(mark) else line
        for line in lines[1:]])


def dialogue(log):
    """The rows of a client's log."""
    rows = []
    texts = set()
    for entry in log:
        if "reply" in entry:
            rows.append(reply_row(entry, rows, texts))
        elif "sent" in entry:
            row = {"sent": words(entry["sent"]), "verb": entry["verb"]}
            if not entry["whole"]:
                row["cut"] = True
            if entry.get("last"):
                texts.add(len(rows))
            rows.append(row)
        elif "noise" in entry:
            rows.append({"noise": words(entry["noise"])})
        elif "secret" in entry:
            rows.append({"secret": words(entry["secret"])})
        else:
            rows.append(dict(entry))
    return rows


def reply_row(entry, rows, texts):
    code, text = entry["reply"], words(entry["text"])
    found = ENHANCED.match(text)
    row = {"code": code, "to": entry["to"]}
    if found:
        row["enhanced"] = found.group(1)
    if code >= 400:
        row["text"] = (text[found.end():] if found else text).strip()
    if entry["to"] in texts:
        row["of_text"] = True
    if code == 354 and entry["to"] is not None:
        if rows[entry["to"]]["verb"] == "DATA":
            texts.add(entry["to"])
    return row


# --- facts --------------------------------------------------------------------

def path_of(command):
    """The address; also of a client that forgot the `>`."""
    found = PATH.search(command) or OPEN_PATH.search(command)
    if found and found.group(1).startswith(" "):
        return None              # and what it means is anybody's guess
    return found.group(1) if found else None


def is_final(rows, reply):
    """Whether its command has no more to come."""
    if reply["to"] is None:
        return True
    verb = rows[reply["to"]]["verb"]
    return not (reply["code"] == 354 and verb == "DATA" or
                reply["code"] == 334 and verb == "AUTH")


def worst_of(rows):
    worst = None
    for row in rows:
        if row.get("code", 0) >= 400 and (
                worst is None or row["code"] // 100 > worst["code"] // 100):
            worst = row
    return worst


def unanswered(rows):
    done = {row["to"] for row in rows if "code" in row and is_final(rows, row)}
    return [i for i, row in enumerate(rows)
            if "sent" in row and i not in done and row["verb"] != "QUIT"]


def in_transaction(rows):
    """Whether the session ended between MAIL and the final reply."""
    inside = False
    for i, row in enumerate(rows):
        if "sent" in row and row["verb"] in ("RSET", "QUIT", "EHLO", "HELO"):
            inside = False
        elif "sent" in row and row["verb"] == "MAIL":
            inside = True
        elif "code" in row and row["to"] is not None:
            verb = rows[row["to"]]["verb"]
            if (verb == "MAIL" and row["code"] >= 300) or row.get("of_text"):
                inside = False
    return inside


def reply_to(rows, at):
    """The final reply to the command at a row, or None."""
    for row in rows:
        if "code" in row and row["to"] == at and is_final(rows, row):
            return row
    return None


def reply_facts(reply):
    facts = {"code": None, "enhanced": None}
    if reply:
        facts = {"code": reply["code"], "enhanced": reply.get("enhanced")}
        if reply["code"] >= 400:
            facts["text"] = reply["text"]
    return facts


def messages_of(rows):
    """A message for each MAIL; RCPT before any MAIL belongs to none."""
    messages = []
    for i, row in enumerate(rows):
        verb = row.get("verb")
        if verb == "MAIL":
            messages.append({"from": path_of(row["sent"]), "recipients": [],
                             "code": None, "enhanced": None})
            refused = reply_to(rows, i)
            if refused and refused["code"] >= 400:
                messages[-1].update(reply_facts(refused))
        elif verb == "RCPT" and messages:
            messages[-1]["recipients"].append(
                {"to": path_of(row["sent"]), **reply_facts(reply_to(rows, i))})
        elif verb in ("DATA", "BDAT") and messages:
            final = reply_to(rows, i)
            if final and (final.get("of_text") or final["code"] >= 400):
                messages[-1].pop("text", None)
                messages[-1].update(reply_facts(final))
    return messages


def user_of(rows):
    """Who authenticated, with success."""
    user = None
    for i, row in enumerate(rows):
        reply = reply_to(rows, i) if row.get("verb") == "AUTH" else None
        if not reply or reply["code"] != 235:
            continue
        words = row["sent"].split()
        secrets = words[2:] + [one["secret"] for one in rows[i:]
                               if "secret" in one]
        first = base64.b64decode(secrets[0]).decode()
        user = first.split("\0")[1] if "\0" in first else first
    return user


def facts_of(rows):
    """All that follows from a dialogue."""
    worst = worst_of(rows)
    waiting = unanswered(rows)
    verbs = {row["verb"] for row in rows if "sent" in row}
    if worst:
        outcome = "permanent" if worst["code"] >= 500 else "temporary"
    elif in_transaction(rows) or waiting:
        outcome = "dropped"
    else:
        outcome = "ok" if verbs & {"MAIL", "RCPT", "DATA", "BDAT"} \
            else "empty"
    failed = None
    if worst:
        failed = worst["to"]
    elif outcome == "dropped" and waiting:
        failed = waiting[0]
    hellos = [row["sent"] for row in rows
              if row.get("verb") in ("EHLO", "HELO")]
    return {
        # A name has no blanks: what stands behind one is not its part.
        "helo": " ".join(hellos[-1].split()[1:2]) if hellos else None,
        "tls": True if any("tls" in row for row in rows) else None,
        "auth": user_of(rows),
        "messages": messages_of(rows),
        "codes": [row["code"] for row in rows if "code" in row],
        "worst": worst["code"] if worst else None,
        "worst_enhanced": worst.get("enhanced") if worst else None,
        "worst_text": worst["text"] if worst else None,
        "failed_command": rows[failed]["sent"] if failed is not None else None,
        "outcome": outcome,
    }


def row_of(number, scene, client):
    """The line of the truth for one session."""
    rows = dialogue(client.log)
    passed = {} if client.passed is None else {"passed": client.passed}
    return {**passed, "session": number, "scene": scene, "peer": client.source,
            "port": client.port, **facts_of(rows), "end": client.end,
            "dialogue": rows}


def renew(path):
    """Works the facts of a stored truth out again from its dialogues."""
    with open(path, encoding="ascii") as lines:
        rows = [json.loads(line) for line in lines]
    with open(path, "w", encoding="ascii") as out:
        for row in rows:
            row.update(facts_of(row["dialogue"]))
            out.write(json.dumps(row, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        renew(name)
