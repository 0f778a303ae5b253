"""What clients send through a relay: the address says what becomes of it.

Every sender and recipient is used once, so that what the next hop (sink.py)
was told can be found again.  The domains, all known to conf/*-relay.sh:

    next.example       a next hop that knows the names of scenes.py: u... are
                       taken, nobody... refused, later... put off
    hang.example       one that hangs up at drop...
    busy.example       one that says 421 instead of a greeting
    closed.example     nobody listens there
    lmtp.example       by LMTP: a reply to the text for each recipient
    filtered.example   through a content filter that gives it back, then as
                       next.example
    back.example       senders; their bounces come to the sink as well
"""
import base64

from scenes import body, data, hello, hello_over_tls, leave, mail, rcpt

SCENES = {}


def scene(weight=1):
    def add(function):
        SCENES[function.__name__] = (function, weight)
        return function
    return add


def sender(c):
    return "ann.%d@back.example" % c.number


def envelope(c, names, text=None):
    """One message; names are local parts or, with `@`, addresses."""
    mail(c, sender(c))
    for i, name in enumerate(names):
        local, domain = (name.split("@") + ["next.example"])[:2]
        rcpt(c, "%s-%d.%d@%s" % (local, c.number, i, domain))
        c.pause()
    data(c, text)


def send(c, names, text=None):
    hello(c)
    envelope(c, names, text)
    leave(c)


@scene(6)
def relayed(c):
    send(c, ["u1"])


@scene(2)
def relayed_to_many(c):
    send(c, ["u1", "u2", "u3@lmtp.example", "u4"])


@scene(3)
def bounced(c):
    send(c, ["nobody"])


@scene(2)
def deferred(c):
    send(c, ["later"])


@scene(3)
def some_of_each(c):
    send(c, ["u1", "nobody", "later", "u2"])


@scene()
def text_bounced(c):
    send(c, ["u1", "u2"], body(c, "REFUSE this"))


@scene()
def text_deferred(c):
    send(c, ["u1"], body(c, "DEFER this"))


@scene()
def hung_up_on(c):
    send(c, ["drop@hang.example"])


@scene(2)
def nobody_listens(c):
    send(c, ["u1@closed.example", "u2"])


@scene()
def next_hop_busy(c):
    send(c, ["u1@busy.example"])


@scene(2)
def by_lmtp(c):
    send(c, ["u1@lmtp.example"])


@scene()
def lmtp_bounced(c):
    send(c, ["nobody@lmtp.example", "u2@lmtp.example"])


@scene()
def lmtp_text_bounced(c):
    send(c, ["u1@lmtp.example"], body(c, "REFUSE this"))


@scene(3)
def filtered(c):
    send(c, ["u1@filtered.example"])


@scene()
def filtered_and_bounced(c):
    send(c, ["nobody@filtered.example"])


@scene()
def filtered_and_deferred(c):
    send(c, ["later@filtered.example", "u1@filtered.example"])


@scene(2)
def relayed_over_tls(c):
    hello_over_tls(c, "tls.example.org")
    envelope(c, ["u1", "nobody"])
    leave(c)


def authenticated(c, secret):
    hello_over_tls(c, "auth.example.org")
    return c.ask(b"AUTH PLAIN " + base64.b64encode(b"\0ann\0" + secret))


@scene(2)
def auth_relayed(c):
    authenticated(c, b"secret")
    envelope(c, ["u1", "u2"])
    leave(c)


@scene()
def auth_bounced(c):
    authenticated(c, b"secret")
    envelope(c, ["nobody"])
    leave(c)


@scene()
def auth_refused(c):
    """Is no user, and relayed all the same."""
    authenticated(c, b"wrong")
    envelope(c, ["u1"])
    leave(c)


@scene()
def auth_login_refused(c):
    hello_over_tls(c, "auth.example.org")
    if c.ask("AUTH LOGIN") == 334 and c.answer(b"YW5u") == 334:
        c.answer(b"d3Jvbmc=")
    leave(c)


@scene()
def two_messages(c):
    hello(c)
    for i, name in enumerate(("u1", "nobody")):
        mail(c, "ann.%d.%d@back.example" % (c.number, i))
        rcpt(c, "%s-%d.%d@next.example" % (name, c.number, i))
        data(c)
    leave(c)


@scene()
def refused_here(c):
    """One is refused by the relay itself, the other one relayed."""
    hello(c)
    mail(c, sender(c))
    rcpt(c, "someone@elsewhere.example")
    rcpt(c, "u1-%d.0@next.example" % c.number)
    data(c)
    leave(c)


@scene()
def gone_before_text(c):
    hello(c)
    mail(c, sender(c))
    rcpt(c, "u1-%d.0@next.example" % c.number)
    c.hang_up()


@scene(2)
def chunked(c):
    hello(c)
    mail(c, sender(c))
    rcpt(c, "u1-%d.0@next.example" % c.number)
    text = body(c)
    c.chunk(text[:40], False)
    c.chunk(text[40:], True)
    leave(c)


@scene()
def chunks_cut(c):
    """Is gone behind the first."""
    hello(c)
    mail(c, sender(c))
    rcpt(c, "u1-%d.0@next.example" % c.number)
    c.chunk(body(c), False)
    c.hang_up()


@scene()
def chunked_and_bounced(c):
    hello(c)
    mail(c, sender(c))
    rcpt(c, "nobody-%d.0@next.example" % c.number)
    c.chunk(body(c), True)
    leave(c)


@scene(2)
def international(c):
    hello(c)
    mail(c, "j\u00e9r\u00f4me.%d@back.example" % c.number, " SMTPUTF8")
    rcpt(c, "u\u00fc-%d.0@next.example" % c.number)
    data(c, body(c, "gr\u00fc\u00dfe"))
    leave(c)


@scene()
def international_bounced(c):
    hello(c)
    mail(c, "j\u00e9r\u00f4me.%d@back.example" % c.number, " SMTPUTF8")
    rcpt(c, "nobody\u00fc-%d.0@next.example" % c.number)
    data(c, body(c, "gr\u00fc\u00dfe"))
    leave(c)
