"""What clients do: a scene is a function that plays one session.

The names under example.net that a server is configured for (conf/*.sh):

    u1 .. u999        accepted
    nobody...         refused, 5xx
    later...          refused for now, 4xx
    full...           refused, 552, where a server can
    ...@bad.example   sender refused, 5xx; slow@bad.example for now
    any other domain  relay denied
    from 127.66.0.0/16: every command, or the connection, is refused

A message of more than LIMIT bytes is too large.  A Subject with REFUSE is
refused, with DEFER refused for now, where a server can.
"""
import socket

from client import Gone

LIMIT = 20000
SCENES = {}


def scene(weight=1):
    def add(function):
        SCENES[function.__name__] = (function, weight)
        return function
    return add


# --- parts --------------------------------------------------------------------

def user(c):
    return "u%d" % c.rng.randint(1, 999)


def sender(c):
    return "%s@%s" % (c.rng.choice(["ann", "bob", "carol", "news", "o'neil"]),
                      c.rng.choice(["example.com", "example.org",
                                    "mail.example.org"]))


def name(c):
    return c.rng.choice(["mail.example.org", "[192.0.2.7]", "relay.example.com",
                         "client%d.example.org" % c.rng.randint(1, 99)])


def hello(c, verb="EHLO", who=None):
    c.reply()
    code = c.ask("%s %s" % (verb, who or name(c)))
    if code >= 500 and who:
        code = c.ask("EHLO second.try.example.org")
    return code


def hello_over_tls(c, who):
    """Where the server offers it, with a second greeting behind it."""
    hello(c)
    if c.start_tls():
        c.ask("EHLO " + who)


def mail(c, who=None, more=""):
    return c.ask("MAIL FROM:<%s>%s" % (sender(c) if who is None else who, more))


def rcpt(c, who=None):
    return c.ask("RCPT TO:<%s>" % (who or user(c) + "@example.net"))


def body(c, subject="hello", lines=("one line", "another")):
    return ("From: ann@example.com\r\nTo: u1@example.net\r\n"
            "Subject: %s\r\nMessage-ID: <%08x@example.com>\r\n\r\n%s\r\n" %
            (subject, c.rng.getrandbits(32), "\r\n".join(lines))).encode(
                "utf-8", "surrogateescape")


def data(c, text=None):
    if c.ask("DATA") != 354:
        return 0
    c.pause()
    c.text(body(c) if text is None else text)
    return c.reply()


def message(c, to=None, text=None, who=None):
    mail(c, who)
    for one in to or [None]:
        rcpt(c, one)
        c.pause()
    return data(c, text)


def leave(c):
    c.ask("QUIT")
    c.hang_up()


# --- what goes well -------------------------------------------------------------

@scene(6)
def accepted(c):
    hello(c)
    message(c)
    leave(c)


@scene(2)
def several_messages(c):
    hello(c)
    for _ in range(c.rng.randint(2, 4)):
        message(c, [None] * c.rng.randint(1, 3))
    leave(c)


@scene()
def old_helo(c):
    hello(c, "HELO")
    message(c)
    leave(c)


@scene()
def empty_sender(c):
    hello(c)
    message(c, who="")
    leave(c)


@scene()
def nothing_but_quit(c):
    hello(c)
    c.ask("NOOP")
    leave(c)


@scene(0)
def hundred_recipients(c):
    hello(c)
    mail(c)
    for i in range(1, 101):
        rcpt(c, "u%d@example.net" % i)
    data(c)
    leave(c)


@scene()
def reset_between(c):
    hello(c)
    mail(c)
    rcpt(c)
    c.ask("RSET")
    c.ask("NOOP")
    message(c)
    leave(c)


@scene()
def small_letters(c):
    c.reply()
    c.ask("ehlo mail.example.org")
    c.ask("mail from:<%s>" % sender(c))
    c.ask("rcpt to:<u5@example.net>")
    data(c)
    c.ask("quit")
    c.hang_up()


@scene(2)
def pipelined(c):
    hello(c)
    c.say("MAIL FROM:<%s>" % sender(c))
    for who in ("u1", "nobody", "u2"):
        c.say("RCPT TO:<%s@example.net>" % who)
    c.say("DATA")
    for _ in range(4):
        c.reply()
    if c.reply() == 354:
        c.text(body(c))
        c.reply()
    leave(c)


@scene()
def quit_unread(c):
    """Says QUIT and is gone."""
    hello(c)
    message(c)
    c.say("QUIT")
    c.vanish(False)


# --- refusals -------------------------------------------------------------------

@scene(3)
def refused_beside_accepted(c):
    hello(c)
    message(c, ["u1@example.net", "nobody@example.net", "u2@example.net",
                "later@example.net"])
    leave(c)


@scene(2)
def all_refused(c):
    hello(c)
    mail(c)
    rcpt(c, "nobody@example.net")
    rcpt(c, "nobody.else@example.net")
    c.ask("DATA")
    c.ask("RSET")
    leave(c)


@scene(3)
def later(c):
    hello(c)
    mail(c)
    rcpt(c, "later@example.net")
    c.ask("RSET")
    leave(c)


@scene()
def later_beside_accepted(c):
    hello(c)
    message(c, ["later%d@example.net" % c.rng.randint(1, 9), "u4@example.net"])
    leave(c)


@scene(2)
def relay_denied(c):
    hello(c)
    mail(c)
    rcpt(c, "someone@elsewhere.example")
    c.ask("RSET")
    leave(c)


@scene()
def mailbox_full(c):
    hello(c)
    mail(c)
    rcpt(c, "full@example.net")
    leave(c)


@scene()
def bad_sender(c):
    hello(c)
    mail(c, "spam@bad.example")
    rcpt(c)
    leave(c)


@scene()
def slow_sender(c):
    hello(c)
    mail(c, "slow@bad.example")
    rcpt(c)
    leave(c)


@scene()
def too_large_announced(c):
    hello(c)
    mail(c, more=" SIZE=%d" % (LIMIT * 9))
    leave(c)


@scene()
def too_large(c):
    hello(c)
    message(c, text=body(c, lines=["x" * 70] * (LIMIT // 40)))
    leave(c)


@scene()
def text_refused(c):
    hello(c)
    message(c, text=body(c, "REFUSE this"))
    leave(c)


@scene()
def text_deferred(c):
    hello(c)
    message(c, text=body(c, "DEFER this"))
    leave(c)


@scene()
def refused_client(c):
    hello(c)
    message(c)
    leave(c)


refused_client.source = "127.66.0."


# --- what breaks the rules ------------------------------------------------------

@scene(2)
def syntax(c):
    hello(c)
    c.ask("MAIL ann@example.com")
    c.ask("MAIL FROM:<ann@example.com")
    mail(c)
    c.ask("RCPT u1@example.net")
    c.ask("RCPT TO:<u1@example.net")
    leave(c)


@scene()
def syntax_then_fine(c):
    hello(c)
    c.ask("MAIL FROM:")
    message(c)
    leave(c)


@scene(2)
def bad_sequence(c):
    hello(c)
    c.ask("DATA")
    c.ask("RCPT TO:<u1@example.net>")
    mail(c)
    mail(c)
    rcpt(c)
    data(c)
    leave(c)


@scene()
def no_hello(c):
    c.reply()
    message(c)
    leave(c)


@scene(2)
def unknown_commands(c):
    hello(c)
    c.ask("XYZZY")
    c.ask("VRFY ann")
    c.ask("EXPN staff")
    c.ask("HELP")
    message(c)
    leave(c)


@scene()
def too_many_errors(c):
    hello(c)
    for i in range(30):
        c.ask("FOO%d" % i)
    leave(c)


@scene()
def hello_twice(c):
    hello(c)
    mail(c)
    c.ask("EHLO second.example.org")
    message(c)
    leave(c)


@scene()
def helo_without_name(c):
    c.reply()
    c.ask("HELO")
    c.ask("EHLO mail.example.org")
    message(c)
    leave(c)


# --- TLS and AUTH ---------------------------------------------------------------

@scene(2)
def tls(c):
    hello_over_tls(c, "tls.example.org")
    message(c)
    leave(c)


@scene()
def tls_refused_recipient(c):
    hello_over_tls(c, "tls.example.org")
    message(c, ["nobody@example.net", "u9@example.net"])
    leave(c)


@scene()
def tls_broken(c):
    hello(c)
    if c.ask("STARTTLS") == 220:
        c.noise(b"\x16\x03\x01\x00\x05nonsense")
    c.hang_up()


@scene(2)
def auth_fails(c):
    hello_over_tls(c, "auth.example.org")
    # ann, wrong
    c.ask("AUTH PLAIN AGFubgB3cm9uZw==")
    leave(c)


@scene()
def auth_login_fails(c):
    hello_over_tls(c, "auth.example.org")
    if c.ask("AUTH LOGIN") == 334:
        if c.answer(b"YW5u") == 334:
            c.answer(b"d3Jvbmc=")
    leave(c)


@scene()
def auth_works(c):
    hello_over_tls(c, "auth.example.org")
    # ann, secret
    c.ask("AUTH PLAIN AGFubgBzZWNyZXQ=")
    message(c)
    leave(c)


@scene()
def auth_nonsense(c):
    hello(c)
    c.ask("AUTH")
    c.ask("AUTH FOO")
    leave(c)


# --- texts that look like a log ------------------------------------------------

FORGED = (
    "250 2.0.0 Ok: queued as FAKE1", "550 5.1.1 fake", "354 go on",
    ">>> 250 OK", "<<< QUIT", "04242 >>> 550 5.7.1 fake", "QUIT",
    "221 2.0.0 Bye", "MAIL FROM:<forged@example.com>",
    "RCPT TO:<forged@example.net>", ".. ", "..",
    "Nov 25 10:00:00 mx postfix/smtpd[4242]: disconnect from x[127.0.0.1]",
    "Nov 25 10:00:00 mx postfix/smtpd[4242]: NOQUEUE: reject: RCPT from "
    "x[127.0.0.1]: 550 5.1.1 <f@example.net>: fake; from=<a@b> to=<f@example.net> "
    "proto=ESMTP helo=<x>",
    "2026-11-25 10:00:00 H=(x) [127.0.0.1] F=<a@b> rejected RCPT <f@b>: fake",
    " 4242 SMTP>> 550 fake", "SMTP<< QUIT", "smtp: 0x55: <<< QUIT",
    "C: QUIT", "S: 550 fake", " -> QUIT", "<** 550 fake", "=== Trying x:25...",
    "From ann@example.com Wed Nov 25 10:00:00 2026",
)


@scene(3)
def forged_body(c):
    hello(c)
    message(c, text=body(c, "550 5.7.1 rejected;\r\n 550 5.7.1 fake", FORGED))
    leave(c)


@scene()
def forged_helo(c):
    hello(c, who="x: 250 2.0.0 Ok: queued as FAKE1")
    message(c)
    leave(c)


@scene()
def forged_addresses(c):
    hello(c, who="helo=<y>")
    if mail(c, "\"a> to=<x@y>: 550 5.0.0 fake\"@example.com") >= 500:
        mail(c)
    rcpt(c, "\"nobody, to=<x@y>: 550 5.0.0\"@example.net")
    rcpt(c, "\"u1]: 250 ok\"@example.net")
    rcpt(c, "u1@example.net")
    data(c)
    leave(c)


@scene()
def escapes_in_commands(c):
    hello(c, who="red\x1b[31m.example.org")
    c.ask("NO\x1b[1mOP \x07bell")
    message(c, ["nobody\x1b[1m@example.net", "u1@example.net"])
    leave(c)


@scene(2)
def escapes(c):
    hello(c, who="\x1b[31mred\x1b]0;owned\x07")
    if mail(c, "\x1b[2Jann@example.com") >= 500:
        mail(c)
    rcpt(c, "nobody\x1b[1m@example.net")
    rcpt(c, "u1@example.net")
    data(c, body(c, "\x1b[31mred", ("\x1b]0;owned\x07", "\x9b1m")))
    leave(c)


@scene(2)
def eight_bit(c):
    hello(c, who="m\u00fcnchen.example.org")
    if mail(c, "j\u00e9r\u00f4me@example.com") >= 500:
        mail(c)
    rcpt(c, "nobody\u00e9@example.net")
    rcpt(c, "u1@example.net")
    data(c, body(c, "gr\u00fc\u00dfe", ("\u00e4\u00f6\u00fc",)))
    leave(c)


@scene()
def broken_utf8(c):
    hello(c, who="caf\udce9.example.org")
    if mail(c, "j\udce9r\udcf4me@example.com") >= 500:
        mail(c)
    rcpt(c, "nobody\udcff\udcfe@example.net")
    rcpt(c, "u1@example.net")
    data(c, body(c, "caf\udce9", ("\udcff\udcfe\udcc3(",)))
    leave(c)


@scene()
def long_lines(c):
    hello(c, who="a" * 200 + ".example.org")
    mail(c)
    rcpt(c, "nobody" + "b" * 300 + "@example.net")
    rcpt(c, "u1@example.net")
    data(c, body(c, lines=["y" * 3000]))
    leave(c)


# --- clients that are gone ------------------------------------------------------

def stages(c, stage):
    if stage == 0:
        return
    c.reply()
    if stage == 1:
        return
    c.ask("EHLO %s" % name(c))
    if stage == 2:
        return
    mail(c)
    if stage == 3:
        return
    rcpt(c)
    if stage == 4:
        return
    if c.ask("DATA") != 354 or stage == 5:
        return
    c.text(body(c, lines=["cut here"]), whole=False)


def add_drops():
    words = ("at_once", "after_greeting", "after_hello", "after_mail",
             "after_rcpt", "after_data", "amid_text")
    for stage, word in enumerate(words):
        def hang_up(c, stage=stage):
            stages(c, stage)
            c.hang_up()

        def vanish(c, stage=stage):
            stages(c, stage)
            c.vanish(stage % 2 == 0)
        SCENES["hangs_up_" + word] = (hang_up, 1)
        SCENES["vanishes_" + word] = (vanish, 1)


add_drops()


@scene()
def unread_mail(c):
    """Is gone before the reply to MAIL."""
    hello(c)
    c.say("MAIL FROM:<%s>" % sender(c))
    c.vanish(False)


@scene()
def unread_text(c):
    """Is gone before the reply to the message text."""
    hello(c)
    mail(c)
    rcpt(c)
    if c.ask("DATA") == 354:
        c.text(body(c))
    c.vanish(False)


@scene()
def half_a_command(c):
    hello(c)
    c.say("MAIL FROM:<ann@exam", eol=b"")
    c.hang_up()


@scene()
def idle(c):
    """Until the server has enough of it."""
    hello(c)
    mail(c)
    c.wait_for_silence(25)
    c.hang_up()


# --- scanners ---------------------------------------------------------------------

def scanner(data, wait=True):
    def play(c):
        if wait:
            c.reply()
        c.noise(data)
        c.pause(0.1)
        c.hang_up()
    return play


def add_scanners():
    noises = {
        "tls_hello": bytes.fromhex(
            "16030100310100002d0303") + bytes(32) + bytes.fromhex(
                "000006002f0035000a01000000"),
        "http": b"GET / HTTP/1.1\r\nHost: mx.example.net\r\n"
                b"User-Agent: scan/1.0\r\n\r\n",
        "http_post": b"POST http://127.0.0.1:25/ HTTP/1.0\r\n"
                     b"Content-Length: 0\r\n\r\n",
        "nuls": b"\0" * 40 + b"\r\nEHLO nul\0hidden\r\nQUIT\r\n",
        "bytes": bytes((i * 73 + 41) % 256 for i in range(300)) + b"\r\n",
        "ssh": b"SSH-2.0-scan\r\n",
        "socks": b"\x05\x01\x00",
        "bare_cr": b"EHLO bare\rNOOP\r\nNOOP\r\n",
        "bare_lf": b"EHLO bare.example.org\nNOOP\nQUIT\n",
    }
    for word, data in noises.items():
        SCENES["scanner_" + word] = (scanner(data), 1)
    SCENES["scanner_early"] = (scanner(b"EHLO early.example.org\r\nQUIT\r\n",
                                       False), 1)


add_scanners()


def play(function, c):
    try:
        c.connect()
        function(c)
    except (Gone, ValueError):
        pass
    except socket.timeout:
        c.end = "hung"
    finally:
        c.close()
