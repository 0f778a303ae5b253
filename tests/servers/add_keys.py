#!/usr/bin/env python3
"""Adds to each row of a truth the process that served the session.

    add_keys.py TRUTH SYSLOG

For logs that name no peer until EHLO: the same server's syslog has told, with
`prog[PID]: NOQUEUE: connect from NAME [ADDRESS]`, who is who.
"""
import json
import re
import sys

CONNECT = re.compile(r"\[(\d+)\]: NOQUEUE: connect from .*\[([\d.]+)\]$")


def main(path, syslog):
    keys = {}
    with open(syslog, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            found = CONNECT.search(line)
            if found:
                keys[found.group(2)] = found.group(1)
    with open(path, encoding="ascii") as lines:
        rows = [json.loads(line) for line in lines]
    with open(path, "w", encoding="ascii") as out:
        for row in rows:
            row["key"] = keys.get(row["peer"])
            out.write(json.dumps(row, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
