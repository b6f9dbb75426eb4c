"""Imports what the site's programs import, also what they import late. Nothing here is kept by their copies."""

import tempfile

import webapp.cli
import webapp.gateway
import webapp.server
import webapp.serving  # noqa: F401
from webapp import create_app

with tempfile.TemporaryDirectory() as folder:
    app = create_app({"STANDFIRST_INSTANCE": folder})
