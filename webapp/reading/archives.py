"""Routes."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("archives", __name__)
