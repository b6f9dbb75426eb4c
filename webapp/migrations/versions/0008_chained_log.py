"""Chain the entries of the log by hashes, those that are there already as well."""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

from webapp.models.base import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

entry = sa.table(
    "moderation_entry",
    sa.column("id", sa.Integer),
    sa.column("comment_id", sa.Integer),
    sa.column("account_id", sa.Integer),
    sa.column("decision", sa.String),
    sa.column("from_status", sa.String),
    sa.column("to_status", sa.String),
    sa.column("reason", sa.Text),
    sa.column("undoes_id", sa.Integer),
    sa.column("created_at", UTCDateTime()),
    sa.column("hash", sa.String),
)


def upgrade() -> None:
    op.add_column("moderation_entry", sa.Column("hash", sa.String(64), server_default="", nullable=False))
    connection = op.get_bind()
    previous = ""
    # By portions, so that a long log needs no more memory than a short one.
    last = 0
    while True:
        rows = connection.execute(
            sa.select(entry).where(entry.c.id > last).order_by(entry.c.id).limit(1000)
        ).all()
        if not rows:
            return
        changes = []
        for row in rows:
            said = [previous, row.comment_id, row.account_id, row.decision, row.from_status, row.to_status]
            said += [
                row.reason or "",
                row.undoes_id,
                round(row.created_at.astimezone(UTC).timestamp() * 1_000_000),
            ]
            previous = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
            changes.append({"which": row.id, "made": previous})
        change = entry.update().where(entry.c.id == sa.bindparam("which")).values(hash=sa.bindparam("made"))
        connection.execute(change, changes)
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("moderation_entry", "hash")
