"""Hands mail over: by SMTP where a server is set, else into a file of the instance for whoever tries the site out."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from webapp.mailing.actions import claim, give_up_lost, settle
from webapp.models import MailState, OutgoingMail
from webapp.settings import setting

SECONDS = 20
"""How long a mail server may take to answer."""
MOST = 100
"""Mails of one round, so that other work gets its turn."""
log = logging.getLogger(__name__)


class Later(Exception):
    """It was not handed over; trying again can help."""


class Never(Exception):
    """The server refused it for good."""


class Unclear(Exception):
    """Nobody knows whether the server took it."""


def send_due() -> int:
    """Sends what is due, one after the other. Gives how many were tried."""
    give_up_lost()
    hand_over = _by_smtp if setting("SMTP_HOST") else _into_file
    tried = 0
    while tried < MOST and (mail := claim()) is not None:
        tried += 1
        _send(mail, hand_over)
    return tried


def _send(mail: OutgoingMail, hand_over: Callable[[OutgoingMail], None]) -> None:
    try:
        hand_over(mail)
    except Later as error:
        settle(mail, MailState.waiting, str(error))
    except Never as error:
        settle(mail, MailState.failed, str(error))
    except Unclear as error:
        settle(mail, MailState.unclear, str(error))
    else:
        settle(mail, MailState.sent)
    if mail.state != MailState.sent:
        log.warning("Mail %s: %s", mail.id, mail.problem)


def message_of(mail: OutgoingMail) -> EmailMessage:
    """The mail as it goes out, always the same for the same mail. Python refuses a line end in a header."""
    host = urlsplit(setting("SITE_URL")).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((setting("SITE_TITLE"), setting("MAIL_FROM") or f"desk@{host}"))
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.id}.{int(mail.created_at.timestamp())}@{host}>"
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def folder() -> Path:
    """Where mail lies that no server takes."""
    return Path(current_app.instance_path) / "mail"


def _into_file(mail: OutgoingMail) -> None:
    try:
        folder().mkdir(mode=0o700, exist_ok=True)
        draft = folder() / f".{mail.id}"
        draft.write_bytes(bytes(message_of(mail)))
        draft.replace(folder() / f"{mail.id}.eml")
    except OSError as error:
        raise Later(f"The instance cannot be written: {error.strerror}.") from error


def _by_smtp(mail: OutgoingMail) -> None:
    message = message_of(mail)
    try:
        server = _connected()
    except smtplib.SMTPAuthenticationError as error:
        raise Later("The mail server does not accept SMTP_USER and SMTP_PASSWORD.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Later(f"The mail server cannot be reached: {error}") from error
    try:
        _deliver(server, message)
    finally:
        server.close()


def _deliver(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _verdict(code)(f"The server refused the address ({code} {_said(words)}).") from error
    except smtplib.SMTPResponseException as error:
        raise _verdict(error.smtp_code)(
            f"The server refused it ({error.smtp_code} {_said(error.smtp_error)})."
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unclear(f"The connection broke while it was handed over: {error}") from error


def _verdict(code: int) -> type[Exception]:
    return Later if 400 <= code < 500 else Never


def _said(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _connected() -> smtplib.SMTP:
    host, port, security = setting("SMTP_HOST"), setting("SMTP_PORT"), setting("SMTP_SECURITY")
    context = ssl.create_default_context()
    if security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
        if security == "starttls":
            server.starttls(context=context)
    if setting("SMTP_USER"):
        server.login(setting("SMTP_USER"), setting("SMTP_PASSWORD"))
    return server
