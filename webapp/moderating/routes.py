"""Routes."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("moderating", __name__)
