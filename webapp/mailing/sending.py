"""Hands mail over: by SMTP where a server is set, else into a file of the instance for whoever tries the site out."""

from __future__ import annotations

import hmac
import logging
import re
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from webapp.database import db
from webapp.mailing.actions import claim, give_up_lost, settle
from webapp.models import MailState, OutgoingMail
from webapp.models.base import LARGEST_ID
from webapp.settings import setting
from webapp.visitors import fixed

SECONDS = 20
"""How long a mail server may take to answer."""
MOST = 100
"""Mails of one round, so that other work gets its turn."""
REFUSED = "The server refused the address"
"""How the problem of a mail begins whose recipient the server does not take."""
_STATUS = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
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


def is_lasting(words: str) -> bool:
    """Whether a refusal says that there is no such address (RFC 3463: 5.1.x, or 5.2.1 for one that is shut), rather
    than a full mailbox or a mail that was not liked. Without such a code a refusal of the address is lasting."""
    codes = _STATUS.findall(words)
    if codes:
        return any(subject == "1" or (subject, detail) == ("2", "1") for subject, detail in codes)
    return not re.search(r"\b4\.\d{1,3}\.\d{1,3}\b", words)


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


def return_address(mail: OutgoingMail) -> str:
    """Where this mail comes back if it does not arrive: it names the mail, with a proof that it is one of ours.

    Empty where the operator has no address for that.
    """
    address = setting("BOUNCE_ADDRESS")
    if not address:
        return ""
    local, _, domain = address.rpartition("@")
    return f"{local}+{mail.id}.{fixed('bounce', str(mail.id))[:16]}@{domain}"


def mail_of(text: str) -> OutgoingMail | None:
    """The mail that an address of return_address() in this text names; None where there is none, or it is gone."""
    local, _, domain = setting("BOUNCE_ADDRESS").rpartition("@")
    if not local:
        return None
    pattern = rf"{re.escape(local)}\+(\d{{1,10}})\.([0-9a-f]{{16}})@{re.escape(domain)}"
    for number, proof in re.findall(pattern, text, re.IGNORECASE):
        if hmac.compare_digest(fixed("bounce", number)[:16], proof.lower()) and int(number) <= LARGEST_ID:
            return db.session.get(OutgoingMail, int(number))
    return None


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
        _deliver(server, mail, message)
    finally:
        server.close()


def _deliver(server: smtplib.SMTP, mail: OutgoingMail, message: EmailMessage) -> None:
    try:
        server.send_message(message, from_addr=return_address(mail) or None)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        raise _verdict(code)(f"{REFUSED} ({code} {_said(words)}).") from error
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
