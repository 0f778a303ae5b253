#!/usr/bin/env python3
"""Opens many SMTP sessions at once and writes down the truth of each.

    drive.py --port=N --truth=FILE [--sessions=N] [--open=N] [--seed=N]
             [--shared] [--only=SCENE,...] [--without=SCENE,...]
             [--scenes=MODULE]

Every scene of scenes.py, or of another module, is played at least once where the number of sessions
allows it.  Each session comes from a loopback address of its own, so that
truth and log can be matched where a log tells no port; with --shared a third
of them comes from one.
The same seed plays the same scenes; what the network makes of them may differ.
"""
import argparse
import concurrent.futures
import importlib
import json
import random
import socket
import sys
import time

import scenes
import truth
from client import Client


def parse(argv):
    p = argparse.ArgumentParser(allow_abbrev=False)
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--port", type=int, required=True)
    p.add_argument("--truth", required=True)
    p.add_argument("--sessions", type=int, default=100)
    p.add_argument("--open", type=int, default=20)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--shared", action="store_true")
    p.add_argument("--only", default="")
    p.add_argument("--without", default="")
    p.add_argument("--scenes", default="scenes")
    return p.parse_args(argv)


def choose(options, known):
    """The scene of each session."""
    only = [word for word in options.only.split(",") if word]
    without = set(options.without.split(","))
    names = [n for n in sorted(known)
             if n not in without and (not only or n in only)]
    rng = random.Random(options.seed)
    weights = [known[n][1] for n in names]
    chosen = names[:]
    rng.shuffle(chosen)
    chosen = chosen[:options.sessions]
    chosen += rng.choices(names, weights, k=options.sessions - len(chosen))
    rng.shuffle(chosen)
    return chosen


def source_of(options, number, function):
    net = getattr(function, "source", None)
    if net:
        return net + str(number % 250 + 1)
    if options.shared and number % 3 == 0:
        return "127.30.0.1"
    return "127.20.%d.%d" % (number // 250, number % 250 + 1)


def session(options, number, name, function):
    """The rows of the truth: one, or more where a scene connects again."""
    rng = random.Random("%d/%d" % (options.seed, number))
    client = Client((options.host, options.port),
                    source_of(options, number, function), rng)
    client.number = number
    client.pause(0.2)
    scenes.play(function, client)
    rows = [truth.row_of(number, name, one)
            for one in client.before + [client]]
    if any(row["end"] == "hung" for row in rows):
        print("drive: session %d (%s): no reply" % (number, name),
              file=sys.stderr)
    return rows


def wait_for(options):
    """Until the server listens."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with socket.create_connection((options.host, options.port), 5,
                                          ("127.99.0.1", 0)) as s:
                s.settimeout(10)
                if s.recv(3) == b"220":
                    s.sendall(b"QUIT\r\n")
                    while s.recv(4096):
                        pass
                    return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit("drive: nobody listens on port %d" % options.port)


def main(argv):
    options = parse(argv)
    wait_for(options)
    known = importlib.import_module(options.scenes).SCENES
    chosen = choose(options, known)
    with concurrent.futures.ThreadPoolExecutor(options.open) as pool:
        rows = list(pool.map(lambda job: session(options, *job, known[job[1]][0]),
                             enumerate(chosen, 1)))
    rows = [row for played in rows for row in played]
    with open(options.truth, "w", encoding="ascii") as out:
        for row in rows:
            out.write(json.dumps(row, separators=(",", ":")) + "\n")
    hung = sum(row["end"] == "hung" for row in rows)
    print("%d sessions, %d hung" % (len(rows), hung))
    return 1 if hung else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
