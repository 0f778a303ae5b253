"""aiosmtpd with all its logging, for the names of scenes.py."""
import asyncio
import logging
import re
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        if address == "slow@bad.example":
            return "451 4.7.1 Not now"
        if address.endswith("@bad.example"):
            return "554 5.7.1 Sender unwelcome"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if session.peer[0].startswith("127.66."):
            return "554 5.7.1 Client unwelcome"
        if not address.endswith("@example.net"):
            return "554 5.7.1 Relay denied"
        if address.startswith("later"):
            return "450 4.2.0 Come back later"
        if address.startswith("full"):
            return "552 5.2.2 Mailbox full"
        if not re.match(r"u[0-9]+@", address):
            return "550 5.1.1 User unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"REFUSE" in envelope.content:
            return "554 5.7.1 No such thing here"
        if b"DEFER" in envelope.content:
            return "451 4.7.1 Try that later"
        return "250 Message accepted for delivery"


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (b"ann", b"secret")
    return AuthResult(success=good, handled=False)


async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("/etc/mx.pem", "/etc/mx.key")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), hostname="mx.example.net", timeout=5,
                     data_size_limit=20000, tls_context=context,
                     authenticator=authenticate, loop=loop),
        "127.0.0.1", 25)
    ended = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    server.close()


logging.basicConfig(
    level=logging.DEBUG,
    format="%(asctime)s %(levelname)s %(name)s: %(message)s")
asyncio.run(main())
