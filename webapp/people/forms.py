"""What forms about people hand in."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from webapp.markup import clean_text
from webapp.models import Role

SHORTEST, LONGEST = 10, 1000
COMMON = frozenset(
    {"1234567890", "password123", "qwertyuiop", "0123456789", "passwordpassword", "standfirst"}
)


def password_problem(password: str, again: str, email: str) -> str:
    """What is wrong with a new password, in words."""
    if len(password) < SHORTEST:
        return f"A password has at least {SHORTEST} characters. A few words in a row are easy to keep."
    if len(password) > LONGEST:
        return "This is too long for a password."
    if password.lower() in COMMON or len(set(password)) < 4 or password.lower() in email.lower():
        return "This password is too easy to guess."
    return "" if password == again else "The two do not match."


def email_problem(email: str) -> str:
    """What is wrong with an e-mail address, in words."""
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return "This is no e-mail address."
    return "This is too long for an e-mail address." if len(email) > 254 else ""


def name_of(text: str) -> str:
    return clean_text(text)[:245]


def is_role(text: str) -> bool:
    return text in set(Role)
