#!/usr/bin/env python3
"""A syslog of one socket: what servers say, as lines of a file.

    syslogd.py SOCKET FILE HOST

Lines are `Mon DD HH:MM:SS HOST prog[pid]: text`, as a classic syslogd writes
them: its own host name after the stamp of the sender, control characters as
^X, no other change.  SIGTERM ends it, once the socket is empty.
"""
import os
import re
import signal
import socket
import sys
import time

RECORD = re.compile(
    rb"(?:<\d+>)?(?:([A-Z][a-z][a-z] [ \d]\d \d\d:\d\d:\d\d) )?", re.S)


def line_of(record, host):
    found = RECORD.match(record)
    stamp = found.group(1) or time.strftime("%b %e %H:%M:%S").encode()
    text = record[found.end():].rstrip(b"\n\0")
    text = b"".join(b"^%c" % (byte ^ 64) if byte < 32 or byte == 127
                    else bytes((byte,)) for byte in text)
    return stamp + b" " + host.encode() + b" " + text + b"\n"


def main(path, file, host):
    if os.path.exists(path):
        os.unlink(path)
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    s.bind(path)
    os.chmod(path, 0o666)
    s.settimeout(0.2)
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    with open(file, "ab", buffering=0) as out:
        while True:
            try:
                out.write(line_of(s.recv(1 << 16), host))
            except socket.timeout:
                if ended:
                    return


if __name__ == "__main__":
    main(*sys.argv[1:4])
