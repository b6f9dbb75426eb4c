"""What the contact page hands in."""

from __future__ import annotations

from dataclasses import dataclass, field

from email_validator import EmailNotValidError, validate_email
from werkzeug.datastructures import MultiDict

from webapp.markup import clean_text
from webapp.markup_text import printable

LIMITS = {"name": 245, "email": 254, "subject": 200, "body": 10_000}
HONEYPOT = "company"


@dataclass
class Typed:
    """A message as it was typed, and what is wrong with it by field. `is_trap`: a field that people never see was
    filled in."""

    name: str
    email: str
    subject: str
    body: str
    is_trap: bool
    errors: dict[str, str] = field(default_factory=dict)


def typed(form: MultiDict[str, str]) -> Typed:
    """Reads the form. Line ends and control characters are taken out of everything that stands in a mail's head."""
    lines = {name: clean_text(form.get(name, "")) for name in ("name", "email", "subject")}
    body = printable(form.get("body", "").replace("\r\n", "\n")).strip()
    found = Typed(lines["name"], lines["email"], lines["subject"], body, is_trap=bool(form.get(HONEYPOT)))
    for name, most in LIMITS.items():
        length = len(getattr(found, name))
        if length > most:
            found.errors[name] = f"At most {most} characters; these are {length}."
    if not found.name:
        found.errors["name"] = "Tell us your name."
    if not found.body:
        found.errors["body"] = "Write what you want to say."
    try:
        found.email = validate_email(
            found.email, check_deliverability=False, test_environment=True
        ).normalized.lower()
    except EmailNotValidError:
        found.errors.setdefault("email", "We need an address to answer to, such as lena@post.example.")
    return found
