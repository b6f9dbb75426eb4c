"""What is asked of an authenticator (WebAuthn), and whether its answer is true. Knows no table.

Where the site is comes from SITE_URL, never from the request: an authenticator signs for that place alone. A question
waits in the browser's own session, for a few minutes, and is answered once.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from flask import session

from webapp import clock, occurrences
from webapp.models import Account, Passkey
from webapp.settings import setting

# `webauthn` is imported late, since it is slow to import and most workers never need it.

ADD, CONFIRM, CODE, SIGN_IN = "add", "confirm", "code", "sign-in"
"""What a question is for; an answer to one is none to another."""
LIFE = 5 * 60
"""Seconds that a question may wait."""
LONGEST_ANSWER = 64 * 1024
LONGEST_CREDENTIAL = 1400
_CREDENTIAL = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_CREDENTIAL}}}")
_TRANSPORTS = frozenset({"ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"})
_PORTS = {"http": 80, "https": 443}


class Refused(Exception):
    """An answer that opens nothing; the message says why, in words for whoever gave it."""


@dataclass(frozen=True)
class Place:
    """What authenticators sign for: a host's name (`rp_id`) and where its pages come from."""

    rp_id: str
    origin: str


@dataclass(frozen=True)
class Question:
    """What was asked: the challenge, of which account (0: of nobody in particular), and its handle for a new one."""

    challenge: str
    account_id: int
    handle: str


@dataclass(frozen=True)
class NewCredential:
    """What an authenticator has made."""

    credential: str
    public_key: str
    sign_count: int
    transports: list[str]


def place() -> Place:
    """Where this site is, as browsers write it: small letters, no port that goes without saying."""
    parts = urlsplit(setting("SITE_URL"))
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except UnicodeError:
        host = parts.hostname or ""
    port = "" if parts.port in (None, _PORTS[parts.scheme]) else f":{parts.port}"
    return Place(host, f"{parts.scheme}://{host}{port}")


def why_not() -> str:
    """Why this site cannot have passkeys, in words; empty where it can."""
    here = place()
    try:
        ip_address(here.rp_id)
    except ValueError:
        pass
    else:
        return f"Passkeys need a site with a name: this one is at a bare IP address ({here.rp_id})."
    is_local = here.rp_id == "localhost" or here.rp_id.endswith(".localhost")
    return "" if is_local or here.origin.startswith("https:") else "Passkeys need a site with https."


def ask_for_new(account: Account, known: Sequence[Passkey]) -> dict[str, Any]:
    """The question for a new passkey of an account, as browsers take it. `known`: those that it has."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict, structs

    handle = known[0].handle if known else secrets.token_urlsafe(32)
    selection = structs.AuthenticatorSelectionCriteria(
        resident_key=structs.ResidentKeyRequirement.REQUIRED,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    options = generate_registration_options(
        rp_id=place().rp_id,
        rp_name=setting("SITE_TITLE"),
        user_id=_bytes(handle),
        user_name=account.email,
        user_display_name=account.display_name,
        challenge=_bytes(_put(ADD, account.id, handle)),
        timeout=LIFE * 1000,
        authenticator_selection=selection,
        exclude_credentials=_descriptors(known),
    )
    return options_to_json_dict(options)


def ask_for_known(what: str, account_id: int = 0, known: Sequence[Passkey] = ()) -> dict[str, Any]:
    """The question that a passkey answers; without `known`, whoever it is may choose one of theirs."""
    from webauthn import generate_authentication_options
    from webauthn.helpers import options_to_json_dict, structs

    options = generate_authentication_options(
        rp_id=place().rp_id,
        challenge=_bytes(_put(what, account_id)),
        timeout=LIFE * 1000,
        allow_credentials=_descriptors(known),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def take(what: str) -> Question:
    """The question that this browser was asked, which is over with this. Raises Refused where none is left."""
    found = session.pop(_slot(what), None)
    late = Refused("That took too long, or was answered already. Try again.")
    if why_not() or not isinstance(found, list) or len(found) != 4:
        raise late
    challenge, asked_at, account_id, handle = found
    if not 0 <= int(clock.now().timestamp()) - asked_at <= LIFE:
        raise late
    # The session is a cookie, which a copy would bring back; that it was answered is remembered here.
    if not occurrences.is_first("passkey question", challenge, 2 * LIFE):
        raise late
    return Question(challenge, account_id, handle)


def new_credential(answer: str, question: Question) -> NewCredential:
    """What an authenticator has made and signed for this question. Raises Refused."""
    from webauthn import verify_registration_response

    here, said = place(), _read(answer)
    try:
        made = verify_registration_response(
            credential=said,
            expected_challenge=_bytes(question.challenge),
            expected_rp_id=here.rp_id,
            expected_origin=here.origin,
            require_user_verification=True,
        )
    except Exception as error:  # Whatever the library stumbles over is no passkey.
        raise Refused("What the browser sent is no passkey for this site.") from error
    credential = _text(made.credential_id)
    if len(credential) > LONGEST_CREDENTIAL:
        raise Refused("This passkey's number is too long.")
    transports = said["response"].get("transports")
    known = [one for one in transports if isinstance(one, str)] if isinstance(transports, list) else []
    return NewCredential(
        credential, _text(made.credential_public_key), made.sign_count, sorted(_TRANSPORTS & set(known))
    )


def counted(answer: str, question: Question, passkey: Passkey) -> int:
    """What a passkey's counter stands at, where it has signed this answer to the question. Raises Refused.

    Whether the counter has gone up is for whoever holds the row.
    """
    from webauthn import verify_authentication_response

    here, said = place(), _read(answer)
    try:
        done = verify_authentication_response(
            credential=said,
            expected_challenge=_bytes(question.challenge),
            expected_rp_id=here.rp_id,
            expected_origin=here.origin,
            credential_public_key=_bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception as error:  # Whatever the library stumbles over is no answer.
        raise Refused("This passkey opens nothing here.") from error
    # A passkey that was chosen from all says whose it is; one that was named need not.
    handle = said["response"].get("userHandle") or (passkey.handle if question.account_id else "")
    if handle != passkey.handle:
        raise Refused("This passkey opens nothing here.")
    return done.new_sign_count


def credential_of(answer: str) -> str:
    """The number of the passkey that an answer says it is from; empty where it says none."""
    try:
        said = _read(answer).get("id")
    except Refused:
        return ""
    return said if isinstance(said, str) and _CREDENTIAL.fullmatch(said) else ""


def _read(answer: str) -> dict[str, Any]:
    try:
        said = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("response"), dict):
        raise Refused("What the browser sent cannot be read.")
    return said


def _put(what: str, account_id: int, handle: str = "") -> str:
    challenge = secrets.token_urlsafe(32)
    session[_slot(what)] = [challenge, int(clock.now().timestamp()), account_id, handle]
    return challenge


def _slot(what: str) -> str:
    return f"passkey {what}"


def _descriptors(known: Sequence[Passkey]) -> list[Any]:
    from webauthn.helpers import structs

    return [
        structs.PublicKeyCredentialDescriptor(
            id=_bytes(one.credential),
            transports=[structs.AuthenticatorTransport(way) for way in one.transports] or None,
        )
        for one in known
    ]


def _bytes(text: str) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    return base64url_to_bytes(text)


def _text(content: bytes) -> str:
    from webauthn.helpers import bytes_to_base64url

    return bytes_to_base64url(content)
