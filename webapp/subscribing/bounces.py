"""Mail that came back: what the mail server pipes to us, and what a mail service says over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import default

from webapp.mailing.sending import is_lasting, mail_of
from webapp.models import SubscriberState
from webapp.subscribing.actions import mark_bounced, stop
from webapp.subscribing.rules import normalized

KINDS = ("hard", "soft", "complaint")
LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True)
class Outcome:
    """What became of a report. `email` empty: it was about no mail of ours."""

    email: str
    words: str


def take_message(raw: bytes) -> Outcome:
    """A delivery report (RFC 3464) as the mail server got it at BOUNCE_ADDRESS. Only one that carries the proof of a
    mail of ours counts: anybody can write to that address."""
    raw = raw[:LARGEST]
    mail = mail_of(raw.decode("utf-8", "replace"))
    if mail is None:
        return Outcome("", "This is no report about a mail that was sent within the last week.")
    words, lasting, delayed = _read(message_from_bytes(raw, policy=default))
    if delayed:
        return Outcome(mail.recipient, "Only a delay: nothing was noted.")
    known = mark_bounced(mail.recipient, for_good=lasting, words=words)
    return Outcome(mail.recipient, _said(known=known, lasting=lasting))


def take_notice(email: object, kind: object) -> Outcome | None:
    """What a mail service says: {"email": …, "kind": "hard", "soft" or "complaint"}. None for anything else."""
    address = normalized(email) if isinstance(email, str) else None
    if address is None or kind not in KINDS:
        return None
    if kind == "complaint":
        stop(address)
        return Outcome(address, "Stopped.")
    lasting = kind == "hard"
    known = mark_bounced(address, for_good=lasting, words=f"The mail service says: {kind} bounce.")
    return Outcome(address, _said(known=known, lasting=lasting))


def _said(*, known: bool, lasting: bool) -> str:
    if not known:
        return "The address gets no newsletter (any more)."
    return (
        "Noted: nothing more is sent there."
        if lasting
        else "Noted; on the third day nothing more is sent there."
    )


def _read(message: Message) -> tuple[str, bool, bool]:
    """What a report says in words, whether that is for good, and whether the mail is only late."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in blocks if isinstance(blocks, list) else []:
            if not isinstance(block, Message) or "Status" not in block:
                continue
            status, action = str(block["Status"]).strip(), str(block.get("Action", "")).strip().lower()
            words = f"{status} {block.get('Diagnostic-Code', '')}".strip()
            return words[:300], is_lasting(status), action in ("delayed", "delivered", "relayed", "expanded")
    return "It came back without a reason that can be read.", False, False


STATES = {
    SubscriberState.asked: "not confirmed",
    SubscriberState.confirmed: "gets it",
    SubscriberState.stopped: "stopped",
    SubscriberState.bounced: "not reached",
}
"""What the desk calls the states of an address."""
