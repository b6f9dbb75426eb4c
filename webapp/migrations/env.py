"""Alembic runs this for every command; the connection comes from webapp/schema.py."""

from alembic import context

import webapp.models  # noqa: F401  (the tables register themselves)
from webapp.database import db

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=db.metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
