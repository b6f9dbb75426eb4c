"""The first tables: everything that the site keeps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=245), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("session_key", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('moderator', 'editor', 'admin')", name=op.f("ck_account_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_in_feed", sa.Boolean(), nullable=False),
        sa.Column("is_on_front", sa.Boolean(), nullable=False),
        sa.Column("imported_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["category.id"], name=op.f("fk_category_parent_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("path", name=op.f("uq_category_path")),
        sa.UniqueConstraint("slug", name=op.f("uq_category_slug")),
    )
    op.create_index(op.f("ix_category_imported_id"), "category", ["imported_id"], unique=False)
    op.create_index(op.f("ix_category_parent_id"), "category", ["parent_id"], unique=False)

    op.create_table(
        "daily_key",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_daily_key")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("file_name", sa.String(length=500), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "report",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "imported_item",
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=300), nullable=False),
        sa.Column("local_id", sa.Integer(), nullable=True),
        sa.Column(
            "pending",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=True,
        ),
        sa.PrimaryKeyConstraint("source", "kind", "external_id", name=op.f("pk_imported_item")),
    )
    op.create_table(
        "media",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=500), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("byte_size", sa.Integer(), nullable=False),
        sa.Column("is_missing", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("credit", sa.String(length=500), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("width >= 0 AND height >= 0 AND byte_size >= 0", name=op.f("ck_media_sizes")),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_media_article_id"),
            ondelete="SET NULL",
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
        sa.UniqueConstraint("file", name=op.f("uq_media_file")),
    )
    op.create_index(op.f("ix_media_article_id"), "media", ["article_id"], unique=False)
    op.create_index(op.f("ix_media_imported_id"), "media", ["imported_id"], unique=False)

    op.create_table(
        "menu",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("location", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu")),
        sa.UniqueConstraint("location", name=op.f("uq_menu_location")),
        sa.UniqueConstraint("slug", name=op.f("uq_menu_slug")),
    )
    op.create_table(
        "occurrence",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_occurrence")),
    )
    op.create_index(op.f("ix_occurrence_expires_at"), "occurrence", ["expires_at"], unique=False)

    op.create_table(
        "site_setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column(
            "value",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_site_setting")),
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("imported_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("slug", name=op.f("uq_tag_slug")),
    )
    op.create_index(op.f("ix_tag_imported_id"), "tag", ["imported_id"], unique=False)

    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("kicker", sa.String(length=200), nullable=False),
        sa.Column("standfirst", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False),
        sa.Column("body_format", sa.String(length=16), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("appendix_html", sa.Text(), nullable=False),
        sa.Column("search_headline", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("word_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_sticky", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("comments_open", sa.Boolean(), nullable=False),
        sa.Column("comments_hidden", sa.Boolean(), nullable=False),
        sa.Column("lead_media_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("menu_order", sa.Integer(), nullable=False),
        sa.Column("canonical_url", sa.String(length=1000), nullable=False),
        sa.Column("imported_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('article', 'page')", name=op.f("ck_article_kind")),
        sa.CheckConstraint(
            "status IN ('draft', 'scheduled', 'published', 'unpublished', 'private', 'trashed')",
            name=op.f("ck_article_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('published', 'scheduled') OR published_at IS NOT NULL",
            name=op.f("ck_article_dated"),
        ),
        sa.CheckConstraint("word_count >= 0", name=op.f("ck_article_word_count")),
        sa.ForeignKeyConstraint(
            ["lead_media_id"], ["media.id"], name=op.f("fk_article_lead_media_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["article.id"], name=op.f("fk_article_parent_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name != "sqlite":
        # Articles and media point at each other; SQLite has both keys in its CREATE TABLE.
        op.create_foreign_key(
            op.f("fk_media_article_id"), "media", "article", ["article_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(op.f("ix_article_imported_id"), "article", ["imported_id"], unique=False)
    op.create_index("ix_article_kind_published", "article", ["kind", "published_at", "id"], unique=False)
    op.create_index(op.f("ix_article_lead_media_id"), "article", ["lead_media_id"], unique=False)
    op.create_index(op.f("ix_article_parent_id"), "article", ["parent_id"], unique=False)
    op.create_index("ix_article_status", "article", ["status"], unique=False)

    op.create_table(
        "author",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=245), nullable=False),
        sa.Column("bio", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("imported_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_author_account_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_author")),
        sa.UniqueConstraint("slug", name=op.f("uq_author_slug")),
    )
    op.create_index(op.f("ix_author_imported_id"), "author", ["imported_id"], unique=False)

    op.create_table(
        "moderation_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("from_status", sa.String(length=16), nullable=True),
        sa.Column("to_status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_moderation_entry_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["undoes_id"], ["moderation_entry.id"], name=op.f("fk_moderation_entry_undoes_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_entry")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_moderation_entry_undoes_id")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_moderation_entry_account_id"), "moderation_entry", ["account_id"], unique=False)
    op.create_index("ix_moderation_entry_comment", "moderation_entry", ["comment_id", "id"], unique=False)

    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=1000), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("media_id", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "kind <> 'attachment' OR media_id IS NOT NULL", name=op.f("ck_address_attachment")
        ),
        sa.CheckConstraint(
            "kind <> 'permalink' OR article_id IS NOT NULL", name=op.f("ck_address_permalink")
        ),
        sa.CheckConstraint(
            "kind <> 'redirect' OR article_id IS NOT NULL OR target <> ''", name=op.f("ck_address_redirect")
        ),
        sa.CheckConstraint(
            "kind IN ('permalink', 'attachment', 'redirect', 'gone')", name=op.f("ck_address_kind")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_address_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["media_id"], ["media.id"], name=op.f("fk_address_media_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("key", name=op.f("uq_address_key")),
    )
    op.create_index("ix_address_article", "address", ["article_id"], unique=False)
    op.create_index(op.f("ix_address_media_id"), "address", ["media_id"], unique=False)
    op.create_index(
        "uq_address_permalink",
        "address",
        ["article_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'permalink'"),
        postgresql_where=sa.text("kind = 'permalink'"),
    )

    op.create_table(
        "article_author",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_author_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["author.id"], name=op.f("fk_article_author_author_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "author_id", name=op.f("pk_article_author")),
    )
    op.create_index(op.f("ix_article_author_author_id"), "article_author", ["author_id"], unique=False)

    op.create_table(
        "article_category",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_category_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_article_category_category_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "category_id", name=op.f("pk_article_category")),
    )
    op.create_index(
        op.f("ix_article_category_category_id"), "article_category", ["category_id"], unique=False
    )

    op.create_table(
        "article_tag",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_tag_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_article_tag_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "tag_id", name=op.f("pk_article_tag")),
    )
    op.create_index(op.f("ix_article_tag_tag_id"), "article_tag", ["tag_id"], unique=False)

    op.create_table(
        "article_totals",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("view_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("share_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("comment_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("imported_view_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("imported_share_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("imported_before", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "view_count >= 0 AND share_count >= 0 AND comment_count >= 0 AND imported_view_count >= 0"
            " AND imported_share_count >= 0",
            name=op.f("ck_article_totals_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_totals_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_totals")),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("root_id", sa.Integer(), nullable=True),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=245), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "verdicts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("visitor_hash", sa.String(length=64), nullable=True),
        sa.Column("network_hash", sa.String(length=64), nullable=True),
        sa.Column("writer_hash", sa.String(length=64), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=True),
        sa.Column("retry_key", sa.String(length=64), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("is_by_author", sa.Boolean(), nullable=False),
        sa.Column("like_count", sa.Integer(), nullable=False),
        sa.Column("flag_count", sa.Integer(), nullable=False),
        sa.Column("imported_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('comment', 'pingback', 'trackback')", name=op.f("ck_comment_kind")),
        sa.CheckConstraint(
            "status IN ('held', 'approved', 'spam', 'trashed')", name=op.f("ck_comment_status")
        ),
        sa.CheckConstraint(
            "depth >= 1 AND like_count >= 0 AND flag_count >= 0", name=op.f("ck_comment_counts")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_comment_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_comment_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "article_id"], ["comment.id", "comment.article_id"], name="fk_comment_parent"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("id", "article_id", name="uq_comment_id_article"),
        sa.UniqueConstraint("retry_key", name=op.f("uq_comment_retry_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_comment_discussion", "comment", ["article_id", "status", "path"], unique=False)
    op.create_index(op.f("ix_comment_email"), "comment", ["email"], unique=False)
    op.create_index("ix_comment_fingerprint", "comment", ["article_id", "fingerprint"], unique=False)
    op.create_index(op.f("ix_comment_imported_id"), "comment", ["imported_id"], unique=False)
    op.create_index("ix_comment_parent", "comment", ["parent_id"], unique=False)
    op.create_index("ix_comment_queue", "comment", ["status", "created_at", "id"], unique=False)
    op.create_index("ix_comment_thread", "comment", ["root_id", "path"], unique=False)
    op.create_index("ix_comment_visitor", "comment", ["visitor_hash", "created_at"], unique=False)
    op.create_index(op.f("ix_comment_writer_hash"), "comment", ["writer_hash"], unique=False)

    op.create_table(
        "menu_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("menu_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=500), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("tag_id", sa.Integer(), nullable=True),
        sa.Column("imported_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_menu_item_article_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_menu_item_category_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["menu_id"], ["menu.id"], name=op.f("fk_menu_item_menu_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["menu_item.id"], name=op.f("fk_menu_item_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_menu_item_tag_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_menu_item")),
    )
    op.create_index(op.f("ix_menu_item_imported_id"), "menu_item", ["imported_id"], unique=False)
    op.create_index(op.f("ix_menu_item_menu_id"), "menu_item", ["menu_id"], unique=False)
    op.create_index(op.f("ix_menu_item_parent_id"), "menu_item", ["parent_id"], unique=False)

    op.create_table(
        "tally_day",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_tally_day_not_negative")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_tally_day_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "metric", "day", name=op.f("pk_tally_day")),
    )
    op.create_table(
        "tally_hour",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(length=16), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_tally_hour_not_negative")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_tally_hour_article_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "metric", "hour", name=op.f("pk_tally_hour")),
    )
    op.create_index(
        "ix_tally_hour_window", "tally_hour", ["hour", "article_id", "metric", "count"], unique=False
    )

    op.create_table(
        "comment_flag",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("writer_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_flag_comment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "writer_hash", name=op.f("pk_comment_flag")),
    )
    op.create_table(
        "comment_like",
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("writer_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_comment_like_comment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "writer_hash", name=op.f("pk_comment_like")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk_media_article_id"), "media", type_="foreignkey")
    for table in (
        "comment_like",
        "comment_flag",
        "tally_hour",
        "tally_day",
        "menu_item",
        "comment",
        "article_totals",
        "article_tag",
        "article_category",
        "article_author",
        "address",
        "moderation_entry",
        "author",
        "article",
        "tag",
        "site_setting",
        "occurrence",
        "menu",
        "media",
        "imported_item",
        "import_run",
        "daily_key",
        "category",
        "account",
    ):
        op.drop_table(table)
