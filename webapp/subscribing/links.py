"""The signed links in newsletters: one confirms an address, one ends the mail."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from webapp.settings import setting

LIFE = timedelta(days=7)
"""So long a reader may take to confirm."""


def confirm_address(email: str) -> str:
    """The whole address of the page on which the owner of `email` confirms."""
    return f"{setting('SITE_URL')}/newsletter/confirm/{_confirmer().dumps(email)}"


def read_confirmation(token: str) -> str | None:
    """Whom a confirmation link is about; None for a forged or old one."""
    try:
        return str(_confirmer().loads(token, max_age=int(LIFE.total_seconds())))
    except BadSignature:
        return None


def stop_address(email: str) -> str:
    """Where one click ends the newsletter. The link has no end."""
    return f"{setting('SITE_URL')}/newsletter/stop/{_stopper().dumps(email)}"


def read_stop(token: str) -> str | None:
    """Whom a stop link is about; None for a forged one."""
    try:
        return str(_stopper().loads(token))
    except BadSignature:
        return None


def _confirmer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="newsletter-confirm")


def _stopper() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="newsletter-stop")
