#!/usr/bin/env python3
"""A mail server that writes down the truth: for the logs that clients write.

    sink.py ADDRESS PORT TRUTH CERT KEY [many]

It knows the names of scenes.py and relay_scenes.py, and hangs up without a
word when asked for drop...  A row of the truth a session; SIGTERM ends it.  At
127.0.0.66 it is too busy to greet; a client that says LHLO is spoken to as
LMTP has it, with a reply to the text for each recipient.

    many      answers many clients at once, rows in the order of ending; else
              one after the other
"""
import json
import re
import signal
import socket
import ssl
import sys
import threading

import truth

LIMIT = 20000
DOMAINS = ("example.net", "next.example", "lmtp.example", "filtered.example",
           "back.example")
KNOWN = re.compile(r"u[0-9\u00fc]|(ann|j\u00e9r\u00f4me)\.")


class Hangup(Exception):
    pass


class Session:
    utf8 = False             # says that it knows SMTPUTF8

    def __init__(self, sock, context):
        self.sock, self.context = sock, context
        self.file = sock.makefile("rb")
        self.log = []
        self.asked = None
        self.lmtp, self.to = False, []
        self.at = sock.getsockname()[0]

    def say(self, code, text, more=()):
        lines = list(more) + [text]
        entry = {"reply": code, "to": self.asked,
                 "text": truth.join([one.encode() for one in lines])}
        self.log.append(entry)
        data = "".join("%d-%s\r\n" % (code, line) for line in lines[:-1])
        self.sock.sendall((data + "%d %s\r\n" % (code, text)).encode())

    def line(self):
        line = self.file.readline()
        if not line.endswith(b"\n"):
            raise Hangup
        return line.rstrip(b"\r\n")

    def run(self, source):
        if self.at == "127.0.0.66":
            self.say(421, "4.3.2 Too busy")
            raise Hangup
        if source.startswith("127.66."):
            self.say(554, "5.7.1 Client unwelcome")
        else:
            self.say(220, "mx.example.net ESMTP sink")
        while True:
            line = self.line()
            verb = (line.split(None, 1) or [b""])[0].decode("latin-1").upper()
            self.log.append({"sent": line, "verb": verb, "whole": True})
            self.asked = len(self.log) - 1
            if source.startswith("127.66.") and verb != "QUIT":
                self.say(503, "5.5.1 You are not welcome")
                continue
            getattr(self, "do_" + verb.lower(), self.unknown)(
                line.decode("utf-8", "surrogateescape"))
            if verb == "QUIT":
                return

    def unknown(self, line):
        self.say(500, "5.5.2 What is that?")

    def do_helo(self, line):
        self.say(250, "mx.example.net")

    def do_ehlo(self, line):
        more = ["mx.example.net", "STARTTLS", "SIZE %d" % LIMIT, "8BITMIME"]
        self.say(250, "AUTH PLAIN LOGIN", more + ["SMTPUTF8"] * self.utf8)

    def do_lhlo(self, line):
        self.lmtp = True
        self.say(250, "8BITMIME", ["mx.example.net", "SMTPUTF8"])

    def do_starttls(self, line):
        self.say(220, "2.0.0 Go ahead")
        self.sock = self.context.wrap_socket(self.sock, server_side=True)
        self.file = self.sock.makefile("rb")
        self.log.append({"tls": True})

    def do_auth(self, line):
        words = line.split()
        secret = words[2] if len(words) > 2 else ""
        if words[1].upper() == "LOGIN":
            for prompt in ("VXNlcm5hbWU6", "UGFzc3dvcmQ6"):
                self.say(334, prompt)
                secret = self.line().decode("latin-1")
                self.log.append({"secret": secret.encode("latin-1")})
        elif not secret:
            self.say(334, "")
            secret = self.line().decode("latin-1")
            self.log.append({"secret": secret.encode("latin-1")})
        if secret in ("AGFubgBzZWNyZXQ=", "c2VjcmV0"):
            self.say(235, "2.7.0 Welcome")
        else:
            self.say(535, "5.7.8 Wrong user or password")

    def do_mail(self, line):
        sender = truth.path_of(line)
        if sender == "slow@bad.example":
            self.say(451, "4.7.1 Not now")
        elif sender is None or sender.endswith("@bad.example"):
            self.say(554, "5.7.1 Sender unwelcome")
        else:
            self.to = []
            self.say(250, "2.1.0 Ok")

    def do_rcpt(self, line):
        to = truth.path_of(line) or ""
        local, _, domain = to.partition("@")
        if local == "drop" or local.startswith("drop-"):
            raise Hangup
        if domain not in DOMAINS:
            self.say(554, "5.7.1 Relay denied")
        elif local.startswith("later"):
            self.say(450, "4.2.0 Come back later")
        elif not KNOWN.match(local):
            self.say(550, "5.1.1 User unknown",
                     ["5.1.1 Nobody of that name"])
        else:
            self.to.append(to)
            self.say(250, "2.1.5 Ok")

    def do_data(self, line):
        self.say(354, "Go on")
        text = []
        while True:
            one = self.line()
            if one == b".":
                break
            text.append(one)
        size = sum(len(one) + 2 for one in text)
        self.log.append({"body": size, "whole": True})
        # Of the head: a bounce has that of its message in its text.
        head = text[:text.index(b"")] if b"" in text else text
        subject = b"".join(one for one in head if one.startswith(b"Subject:"))
        for _ in self.to if self.lmtp else [None]:
            if b"REFUSE" in subject:
                self.say(554, "5.7.1 No such thing here")
            elif b"DEFER" in subject:
                self.say(451, "4.7.1 Try that later")
            elif size > LIMIT:
                self.say(552, "5.3.4 Too large")
            else:
                self.say(250, "2.0.0 Ok: queued")

    def do_rset(self, line):
        self.say(250, "2.0.0 Ok")

    do_noop = do_rset

    def do_vrfy(self, line):
        self.say(252, "2.0.0 Who knows")

    def do_help(self, line):
        self.say(214, "2.0.0 No")

    def do_quit(self, line):
        self.say(221, "2.0.0 Bye")


def serve(sock, source, context, finish):
    session = Session(sock, context)
    try:
        session.run(source[0])
    except (Hangup, OSError):
        pass
    finish(session)          # first: who sees it closed finds it written
    session.sock.close()


def main(address, port, path, cert, key, many=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    listener = socket.create_server((address, int(port)), backlog=50)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    lock = threading.Lock()
    Session.utf8 = bool(many)
    number = 0
    with open(path, "w", encoding="ascii", buffering=1) as out:
        def finish(session):
            nonlocal number
            with lock:
                number += 1
                rows = truth.dialogue(session.log)
                out.write(json.dumps({
                    "session": number, "number": number, "scene": "client",
                    "peer": address, "port": int(port), "at": session.at,
                    **truth.facts_of(rows), "end": "eof", "dialogue": rows},
                    separators=(",", ":")) + "\n")

        while True:
            sock, source = listener.accept()
            job = (sock, source, context, finish)
            if many:
                threading.Thread(target=serve, args=job, daemon=True).start()
            else:
                serve(*job)


if __name__ == "__main__":
    main(*sys.argv[1:7])
