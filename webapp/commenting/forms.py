"""The comment form: what its fields take, in words what is wrong with them, and the signed token against programs."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)

from webapp import clock
from webapp.commenting import cookies
from webapp.commenting.rules import Draft
from webapp.filters import grouped
from webapp.markup import TooLong, clean_comment, clean_text, is_blank, plain_text
from webapp.markup_links import reader_address
from webapp.markup_text import printable
from webapp.models import Account
from webapp.models.base import LARGEST_ID
from webapp.settings import setting

NAME_LENGTH = 245
EMAIL_LENGTH = 100
WEBSITE_LENGTH = 200
KEY_LENGTH = 100
NOTICES = {"": "No", "at once": "By e-mail, at once", "daily": "By e-mail, once a day"}
"""How a commenter may hear of replies, by the field's value."""
TOKEN_LIFE = timedelta(hours=48)
_BARE_HOST = re.compile(r"[^\s/?#@:]+\.[^\s/?#@:.]+(?::\d+)?(?:[/?#]\S*)?")


def _without_forbidden(value: str | None) -> str | None:
    """Control characters and the like are stored nowhere and come back in no form."""
    return None if value is None else printable(value)


class CommentForm(FlaskForm):
    """A comment as it was typed. No session token: requests are checked by where they come from (webapp.security).

    `subject` is the honeypot: people never see it. `account`: signed-in staff, who need neither name nor e-mail.
    """

    body = TextAreaField("Comment", filters=[_without_forbidden])
    name = StringField("Name", filters=[_without_forbidden])
    email = EmailField("E-mail", filters=[_without_forbidden])
    website = URLField("Website", filters=[_without_forbidden])
    notify = StringField("Tell me about replies", filters=[_without_forbidden])
    remember = BooleanField("Save my name, e-mail and website in this browser")
    subject = StringField("Leave this field empty", filters=[_without_forbidden])
    parent = HiddenField("Reply", filters=[_without_forbidden])
    token = HiddenField("Form", filters=[_without_forbidden])
    form_key = HiddenField("Form", filters=[_without_forbidden])
    proof = HiddenField("Proof of work")
    seen = HiddenField("Version")
    """The article's version that was on the page."""

    account: Account | None = None
    notices = NOTICES

    def __init__(self, formdata: Any = None, **fields: Any) -> None:
        super().__init__(formdata, meta={"csrf": False}, **fields)
        self.clean: dict[str, Any] = {}
        """What each field says once it is checked and cleaned."""

    @property
    def asks_for_work(self) -> bool:
        """Whether the newsroom wants a proof of work with it."""
        return setting("PROOF_OF_WORK")

    def validate(self, extra_validators: Any = None) -> bool:
        """Checks every field, each once: a field sent twice is refused, whatever it says."""
        self.clean = {}
        is_valid = super().validate(extra_validators)
        for field in self:
            if len(field.raw_data or ()) > 1:
                field.errors = ["This field was sent more than once. Check it and send the form again."]
                is_valid = False
        return is_valid

    def validate_body(self, field: Field) -> None:
        self.clean |= clean_body(field.data)

    def validate_name(self, field: Field) -> None:
        name = self.account.display_name if self.account else clean_text(field.data or "")
        if is_blank(name):
            raise ValidationError("Please fill in a name. A first name is enough.")
        self.clean["name"] = _at_most(name, NAME_LENGTH)

    def validate_email(self, field: Field) -> None:
        email = self.account.email if self.account else (field.data or "").strip()
        if not email:
            raise ValidationError("Please fill in your e-mail address. It is not published.")
        if not self.account:
            email = _address(_at_most(email, EMAIL_LENGTH))
        self.clean["email"] = email.lower()

    def validate_website(self, field: Field) -> None:
        website = "" if self.account else (field.data or "").strip()
        self.clean["website"] = _web_address(_at_most(website, WEBSITE_LENGTH)) if website else ""

    def validate_parent(self, field: Field) -> None:
        number = (field.data or "").strip()
        is_number = not number or (number.isascii() and number.isdecimal() and int(number[:20]) <= LARGEST_ID)
        if not is_number:
            raise ValidationError("The comment that you answer is unknown.")
        self.clean["parent_id"] = int(number) if number else None

    def validate_notify(self, field: Field) -> None:
        if (field.data or "") not in NOTICES:
            raise ValidationError("Choose one of the three ways.")
        self.clean["notify"] = "" if self.account else field.data or ""

    def validate_subject(self, field: Field) -> None:
        if field.data:
            raise ValidationError(
                "A field that people never see was filled in, as programs do. It is empty again: if you are a person,"
                " please send the form once more."
            )

    def validate_form_key(self, field: Field) -> None:
        if not 0 < len(field.data or "") <= KEY_LENGTH:
            raise ValidationError("The form was sent without its hidden fields. Please send it again.")

    def token_problem(self, article_id: int) -> str:
        """What is wrong with the token, in words; empty when nothing is. Times are to the second."""
        if len(self.token.raw_data or ()) > 1:
            return "The form was sent with its hidden fields doubled. Please send it again."
        try:
            found, issued_at = _signer().loads(self.token.data or "", return_timestamp=True)
        except BadSignature:
            found, issued_at = None, clock.now()
        if found != article_id:
            return "The form was sent without its hidden fields, or from another page. Please send it again."
        age = clock.now() - issued_at
        if age > TOKEN_LIFE:
            return "This form is more than 48 hours old. Your text is kept: please send it again."
        if age < timedelta(seconds=setting("COMMENT_MIN_SECONDS")):
            return "That was faster than people write. Your text is kept: please wait a moment and send it again."
        return ""

    def renew(self, article_id: int) -> None:
        """Gives the form a token and a key of its own, which takes no notice of what was sent."""
        self.token.data = _signer().dumps(article_id)
        self.form_key.data = secrets.token_urlsafe(16)

    def draft(self) -> Draft:
        """What was handed in, clean. Only after `validate` has agreed."""
        seen = self.seen.data or ""
        known = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 7 else None
        return Draft(**self.clean, seen_version=known)

    def details(self) -> dict[str, str]:
        """Name, e-mail and website, for the cookie of who wants them kept."""
        return {key: self.clean[key] for key in cookies.DETAIL_FIELDS}


class EditForm(FlaskForm):
    """New words for an own comment. Checked like those of a new one; `clean` has them then."""

    body = TextAreaField("Your comment", filters=[_without_forbidden])

    def __init__(self, formdata: Any = None, **fields: Any) -> None:
        super().__init__(formdata, meta={"csrf": False}, **fields)
        self.clean: dict[str, str] = {}

    def validate_body(self, field: Field) -> None:
        if len(field.raw_data or ()) > 1:
            raise ValidationError("This field was sent more than once. Check it and send the form again.")
        self.clean = clean_body(field.data)


def clean_body(typed: str | None) -> dict[str, str]:
    """Source, clean HTML and plain text of a comment. Raises ValidationError."""
    source = (typed or "").strip()
    most = setting("COMMENT_MAX_LENGTH")
    if is_blank(source):
        raise ValidationError("Please write something.")
    if len(source) > most:
        raise ValidationError(
            f"This has {grouped(len(source))} characters; {grouped(most)} is the most. Please shorten it."
        )
    try:
        html = clean_comment(source)
    except TooLong as error:
        raise ValidationError("This is too long. Please shorten it.") from error
    if not html:
        raise ValidationError("Nothing is left of this once it is made safe to show. Please use plain words.")
    return {"source": source, "html": html, "text": plain_text(html)}


def blank_form(article_id: int) -> CommentForm:
    """An empty form, or one filled with what the commenter asked this browser to keep."""
    return filled_form(article_id, cookies.saved_details())


def filled_form(article_id: int, details: dict[str, str]) -> CommentForm:
    """A form with a commenter's name, e-mail and website, and the box ticked that keeps them."""
    form = CommentForm(data=details | {"remember": bool(details)})
    form.renew(article_id)
    return form


def _at_most(value: str, length: int) -> str:
    if len(value) > length:
        raise ValidationError(f"This has {grouped(len(value))} characters; {length} is the most.")
    return value


def _address(email: str) -> str:
    try:
        # "Test environment" lets the domain .test pass; nothing is asked of the network.
        return validate_email(email, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValidationError(f"{error} For example: lena@post.example") from error


def _web_address(website: str) -> str:
    """The address with https:// before a bare host. Raises ValidationError for anything but http and https."""
    address = reader_address(f"https://{website}" if _BARE_HOST.fullmatch(website) else website)
    try:
        parts = urlsplit(address or "")
        if address and parts.hostname and (parts.port is None or parts.port > 0):
            return _at_most(address, WEBSITE_LENGTH)
    except ValueError:
        pass
    raise ValidationError("This is no web address. It should look like https://example.org")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="comment-form")
