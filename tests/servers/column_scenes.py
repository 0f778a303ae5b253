"""The scenes of scenes.py, and what parts the columns of a log in names."""
import scenes
from scenes import data, hello, leave, mail, rcpt

SCENES = dict(scenes.SCENES)


def forged_helo_columns(c):
    hello(c, who="a|smtp-in|protocol-server|x|250 2.0.0 Ok")
    mail(c)
    rcpt(c)
    data(c)
    leave(c)


def forged_columns(c):
    hello(c, who="[192.0.2.7|x]")
    if mail(c, "ann|smtp-in|protocol-server|x@example.com") >= 500:
        mail(c)
    rcpt(c, "nobody|ok|u1@example.net")
    rcpt(c, "\"nobody|550 5.0.0 fake\"@example.net")
    rcpt(c, "u1@example.net")
    data(c)
    leave(c)


def unknown_columns(c):
    hello(c)
    c.ask("report|0.7|1.000001|smtp-in|link-disconnect|0123456789abcdef")
    c.ask("|||")
    leave(c)


for function in (forged_helo_columns, forged_columns, unknown_columns):
    SCENES[function.__name__] = (function, 1)
