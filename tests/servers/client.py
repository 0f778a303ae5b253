"""One SMTP session as its client lives it, with a record of every byte's fate.

A Client says what a scene (scenes.py) tells it to say and writes down, in
order, what was sent and which reply answered it.  It knows no server and no
log; what the record means is worked out in truth.py.

A reply answers the oldest command that has none; 354 and 334 leave theirs
waiting for the message text or the secret.
"""
import collections
import select
import socket
import ssl
import struct
import time

import truth

PATIENCE = 30.0          # seconds for a reply: a server that hangs is a fault


class Gone(Exception):
    """The server closed the connection."""


class Client:
    def __init__(self, server, source, rng):
        self.server, self.source, self.rng = server, source, rng
        self.number = 0          # of the session, where a scene needs it
        self.before = []         # connections before this one, from here
        self.passed = None       # through a door keeper; None: there is none
        self.sock = None
        self.buffer = b""
        self.log = []            # what happened, in order
        self.waiting = collections.deque()
        self.tls = False
        self.end = None          # "eof": the client read all there was
        self.port = None

    # --- the wire ----------------------------------------------------------

    def connect(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.settimeout(PATIENCE)
        self.sock.bind((self.source, 0))
        self.port = self.sock.getsockname()[1]
        self.sock.connect(self.server)

    def pause(self, most=0.02):
        time.sleep(self.rng.random() * most)

    def send(self, data):
        try:
            self.sock.sendall(data)
        except (OSError, ssl.SSLError):
            self.read_rest()
            raise Gone from None

    def _fill(self):
        try:
            data = self.sock.recv(65536)
        except socket.timeout:
            raise
        except (OSError, ssl.SSLError):
            self.end = "reset"
            raise Gone from None
        if not data:
            self.end = "eof"
            raise Gone
        self.buffer += data

    def _line(self):
        while b"\n" not in self.buffer:
            self._fill()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r")

    # --- replies -----------------------------------------------------------

    def reply(self):
        """Reads one reply, whole; returns its code."""
        lines = [self._line()]
        while lines[-1][3:4] == b"-":
            lines.append(self._line())
        code = int(lines[0][:3])
        text = truth.join([line[4:] for line in lines])
        self._answer(code, text)
        return code

    def _answer(self, code, text):
        entry = {"reply": code, "text": text, "to": None}
        if self.waiting:
            asked = self.waiting[0]
            entry["to"] = asked
            done = self.log[asked]
            intermediate = ((code == 354 and done["verb"] == "DATA") or
                            (code == 334 and done["verb"] == "AUTH"))
            if not intermediate:
                self.waiting.popleft()
        self.log.append(entry)

    def read_rest(self):
        """All replies up to the end of the connection."""
        try:
            while True:
                self.reply()
        except (Gone, ValueError):
            pass
        except socket.timeout:
            self.end = "hung"

    # --- what is said ------------------------------------------------------

    def say(self, line, eol=b"\r\n"):
        """Sends a command and does not wait."""
        if isinstance(line, str):
            line = line.encode("utf-8", "surrogateescape")
        words = line.split(None, 1)
        verb = words[0].decode("latin-1").upper() if words else ""
        self.log.append({"sent": line, "verb": verb, "whole": bool(eol)})
        self.waiting.append(len(self.log) - 1)
        self.send(line + eol)

    def ask(self, line):
        self.say(line)
        return self.reply()

    def answer(self, line):
        """What 334 asked for."""
        self.log.append({"secret": line})
        self.send(line + b"\r\n")
        return self.reply()

    def text(self, body, whole=True):
        """Message text behind 354; not whole: cut where it stands."""
        body = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        data = body
        if whole:
            data = (b"\r\n" + body).replace(b"\r\n.", b"\r\n..")[2:]
            if not data.endswith(b"\r\n"):
                data += b"\r\n"
            data += b".\r\n"
        self.log.append({"body": len(data), "whole": whole})
        self.send(data)

    def send_at_once(self, lines):
        """Commands in one piece."""
        for line in lines:
            self.log.append({"sent": line.encode(), "whole": True,
                             "verb": line.split()[0].upper()})
            self.waiting.append(len(self.log) - 1)
        self.send("".join(line + "\r\n" for line in lines).encode())

    def chunk(self, data, last):
        """BDAT and its octets (RFC 3030)."""
        command = b"BDAT %d%s" % (len(data), b" LAST" if last else b"")
        self.log.append({"sent": command, "verb": "BDAT", "whole": True,
                         "last": last})
        self.waiting.append(len(self.log) - 1)
        self.log.append({"body": len(data), "whole": True})
        self.send(command + b"\r\n" + data)
        return self.reply()

    def noise(self, data):
        """Bytes that are no SMTP."""
        self.log.append({"noise": data})
        self.send(data)

    def start_tls(self):
        if self.ask("STARTTLS") != 220:
            return False
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.buffer = b""        # RFC 3207: what was said before is void
        try:
            self.sock = context.wrap_socket(self.sock,
                                            server_hostname="mx.example.net")
        except (OSError, ssl.SSLError):
            self.end = "reset"
            raise Gone from None
        self.tls = True
        self.log.append({"tls": True})
        return True

    def connect_again(self):
        """Another connection from the same address, after this one."""
        self.close()
        old = Client(self.server, self.source, self.rng)
        old.log, old.port, old.end = self.log, self.port, self.end
        old.tls, old.passed = self.tls, self.passed
        self.before.append(old)
        self.log, self.buffer, self.end, self.tls = [], b"", None, False
        self.waiting.clear()
        self.connect()

    # --- ways to end -------------------------------------------------------

    def hang_up(self):
        """Says nothing more but reads what the server still has to say."""
        if not self.tls:
            try:
                self.sock.shutdown(socket.SHUT_WR)
            except OSError:
                pass
        elif self.waiting or self.log[-1].get("reply") != 221:
            self.vanish(False)   # TLS has no half of a close
            return
        self.read_rest()

    def vanish(self, reset):
        """Is gone: nobody reads what the server still writes."""
        self.end = "left"
        if reset:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 struct.pack("ii", 1, 0))
        self.sock.close()

    def wait_for_silence(self, seconds):
        """Waits for the server to speak or hang up, unasked."""
        select.select([self.sock], [], [], seconds)

    def close(self):
        if self.end is None:
            self.end = "left"
        if self.sock:
            self.sock.close()
