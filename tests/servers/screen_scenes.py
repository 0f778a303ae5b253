"""What clients do to postscreen, which lets nobody through the first time.

A client that keeps to the rules is told 450 at RCPT and may come again; one
that does not is told 550.  What comes again, or from 127.77.0.0/16, is handed
to smtpd (`passed`); 127.66.0.0/16 is on the list of those who are unwelcome.
"""
from scenes import hello, hello_over_tls, leave, mail, message, rcpt

SCENES = {}


def scene(weight=1):
    def add(function):
        SCENES[function.__name__] = (function, weight)
        return function
    return add


@scene(3)
def new_client(c):
    hello(c)
    mail(c)
    rcpt(c)
    leave(c)


@scene()
def new_client_of_many(c):
    hello(c, "HELO")
    mail(c)
    rcpt(c, "u1@example.net")
    rcpt(c, "nobody@example.net")
    c.ask("DATA")
    c.ask("RSET")
    leave(c)


@scene(4)
def comes_again(c):
    new_client(c)
    c.connect_again()
    c.passed = True
    hello(c)
    message(c)
    leave(c)


@scene(2)
def comes_again_and_is_refused(c):
    new_client(c)
    c.connect_again()
    c.passed = True
    hello(c)
    message(c, ["nobody@example.net", "u2@example.net"])
    leave(c)


@scene()
def comes_again_and_hangs_up(c):
    new_client(c)
    c.connect_again()
    c.passed = True
    hello(c)
    mail(c)
    c.hang_up()


@scene()
def speaks_first(c):
    """What comes before the greeting is thrown away."""
    c.noise(b"EHLO early.example.org\r\n")
    hello(c)
    mail(c)
    rcpt(c)
    leave(c)


@scene()
def speaks_first_and_waits(c):
    c.say("EHLO early.example.org")
    c.reply()
    c.reply()
    leave(c)


@scene()
def speaks_first_and_again(c):
    speaks_first(c)
    c.connect_again()
    new_client(c)


@scene()
def pipelines(c):
    hello(c)
    c.send_at_once(["MAIL FROM:<ann@example.com>", "RCPT TO:<u1@example.net>"])
    c.reply()
    c.reply()
    leave(c)


@scene()
def bare_newlines(c):
    c.reply()
    c.say("EHLO bare.example.org", eol=b"\n")
    c.reply()
    c.say("MAIL FROM:<ann@example.com>", eol=b"\n")
    c.reply()
    c.say("RCPT TO:<u1@example.net>", eol=b"\n")
    c.reply()
    leave(c)


@scene()
def no_smtp(c):
    c.reply()
    c.noise(b"GET / HTTP/1.1\r\nHost: mx.example.net\r\n\r\n")
    c.hang_up()


@scene()
def unknown_command(c):
    hello(c)
    c.ask("XYZZY")
    mail(c)
    rcpt(c)
    leave(c)


@scene()
def nothing_but_quit(c):
    hello(c)
    leave(c)


@scene()
def hangs_up_at_once(c):
    c.hang_up()


@scene()
def hangs_up_after_hello(c):
    hello(c)
    c.hang_up()


@scene()
def hangs_up_after_rcpt(c):
    hello(c)
    mail(c)
    rcpt(c)
    c.hang_up()


@scene()
def vanishes_after_mail(c):
    hello(c)
    mail(c)
    c.vanish(True)


@scene()
def silent(c):
    hello(c)
    c.wait_for_silence(25)
    c.hang_up()


@scene()
def unwelcome(c):
    hello(c)
    mail(c)
    rcpt(c)
    leave(c)


unwelcome.source = "127.66.0."


@scene(2)
def welcome(c):
    c.passed = True
    hello(c)
    message(c)
    leave(c)


welcome.source = "127.77.0."


@scene()
def forged(c):
    hello(c, who="x: PASS NEW [127.20.0.1]:99")
    mail(c, "\"a> to=<x@y>: 550 5.0.0 fake\"@example.com")
    rcpt(c, "\"u1>, proto=ESMTP, helo=<y>\"@example.net")
    leave(c)


@scene()
def tls(c):
    hello_over_tls(c, "tls.example.org")
    mail(c)
    rcpt(c)
    leave(c)
