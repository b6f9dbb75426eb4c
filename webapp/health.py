"""GET /healthz: whether this process and its database work."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webapp.database import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """200 when a statement on a real table answers; else 503, with the reason in the log only."""
    headers = {"Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8"}
    try:
        db.session.execute(text("SELECT 1 FROM article LIMIT 1"))
    except SQLAlchemyError:
        current_app.logger.exception("healthz: the database does not answer")
        return "unavailable\n", 503, headers
    return "ok\n", 200, headers
