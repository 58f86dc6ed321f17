"""The discussion: reasons, marks, reports, return codes; when articles are discussed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


_ONE_PER_READER = sa.text("parent_id IS NULL AND state <> 'deleted'")


def upgrade() -> None:
    op.create_table(
        "discussions",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_discussions_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_discussions")),
    )
    op.create_table(
        "return_codes",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_return_codes_poll_id")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_return_codes")),
        sa.UniqueConstraint("poll_id", "voter_key", name=op.f("uq_return_codes_poll_id_voter_key")),
    )
    op.create_table(
        "markers",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id", "side_id"],
            ["options.poll_id", "options.id"],
            name=op.f("fk_markers_poll_id_side_id"),
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_markers_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", name=op.f("pk_markers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("side_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_hour", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_hour", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("reviewed", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('held', 'published', 'rejected', 'removed', 'deleted')",
            name=op.f("ck_reasons_state"),
        ),
        sa.CheckConstraint(
            "(voter_key IS NULL) <> (account_id IS NULL)", name=op.f("ck_reasons_writer")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_reasons_account_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["reasons.id"], name=op.f("fk_reasons_parent_id")),
        sa.ForeignKeyConstraint(
            ["poll_id", "side_id"],
            ["options.poll_id", "options.id"],
            name=op.f("fk_reasons_poll_id_side_id"),
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_reasons_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasons")),
    )
    with op.batch_alter_table("reasons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reasons_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_reasons_poll_id_state", ["poll_id", "state"], unique=False)
        batch_op.create_index(
            "ix_reasons_poll_id_voter_key", ["poll_id", "voter_key"], unique=False
        )
        batch_op.create_index("ix_reasons_state_hour", ["state", "hour"], unique=False)
        batch_op.create_index(
            "uq_reasons_poll_id_voter_key",
            ["poll_id", "voter_key"],
            unique=True,
            sqlite_where=_ONE_PER_READER,
            postgresql_where=_ONE_PER_READER,
        )

    op.create_table(
        "fair_counts",
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.Column("readers", sa.Integer(), nullable=False),
        sa.CheckConstraint("readers >= 0", name=op.f("ck_fair_counts_readers")),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["reasons.id"], name=op.f("fk_fair_counts_reason_id")
        ),
        sa.ForeignKeyConstraint(["side_id"], ["options.id"], name=op.f("fk_fair_counts_side_id")),
        sa.PrimaryKeyConstraint("reason_id", "side_id", name=op.f("pk_fair_counts")),
    )
    op.create_table(
        "fair_points",
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("side_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id", "side_id"],
            ["options.poll_id", "options.id"],
            name=op.f("fk_fair_points_poll_id_side_id"),
        ),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_fair_points_poll_id")),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["reasons.id"], name=op.f("fk_fair_points_reason_id")
        ),
        sa.PrimaryKeyConstraint("reason_id", "voter_key", name=op.f("pk_fair_points")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("fair_points", schema=None) as batch_op:
        batch_op.create_index(
            "ix_fair_points_poll_id_voter_key", ["poll_id", "voter_key"], unique=False
        )

    op.create_table(
        "minds_changed",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_minds_changed_poll_id")),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["reasons.id"], name=op.f("fk_minds_changed_reason_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", name=op.f("pk_minds_changed")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("minds_changed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_minds_changed_reason_id"), ["reason_id"], unique=False)

    op.create_table(
        "reason_texts",
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reason_id"], ["reasons.id"], name=op.f("fk_reason_texts_reason_id")
        ),
        sa.PrimaryKeyConstraint("reason_id", "number", name=op.f("pk_reason_texts")),
    )
    op.create_table(
        "reports",
        sa.Column("reason_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weighs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["reason_id"], ["reasons.id"], name=op.f("fk_reports_reason_id")),
        sa.PrimaryKeyConstraint("reason_id", "voter_key", name=op.f("pk_reports")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reason_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_acts_reason_id"), ["reason_id"], unique=False)

    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("discussion_opens_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("discussion_closes_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "moderation", sa.String(length=12), nullable=False, server_default="new_writers"
            )
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_articles_moderation"), "moderation IN ('before', 'new_writers', 'after')"
        )

    # only what is there already needs a value
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.alter_column("moderation", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_articles_moderation"), type_="check")
        batch_op.drop_column("moderation")
        batch_op.drop_column("discussion_closes_at")
        batch_op.drop_column("discussion_opens_at")

    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acts_reason_id"))
    # not by copying the table: that would lose the triggers that keep the record
    op.execute("ALTER TABLE acts DROP COLUMN reason_id")

    op.drop_table("reports")
    op.drop_table("reason_texts")
    with op.batch_alter_table("minds_changed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_minds_changed_reason_id"))

    op.drop_table("minds_changed")
    with op.batch_alter_table("fair_points", schema=None) as batch_op:
        batch_op.drop_index("ix_fair_points_poll_id_voter_key")

    op.drop_table("fair_points")
    op.drop_table("fair_counts")
    with op.batch_alter_table("reasons", schema=None) as batch_op:
        batch_op.drop_index("uq_reasons_poll_id_voter_key")
        batch_op.drop_index("ix_reasons_state_hour")
        batch_op.drop_index("ix_reasons_poll_id_voter_key")
        batch_op.drop_index("ix_reasons_poll_id_state")
        batch_op.drop_index(batch_op.f("ix_reasons_parent_id"))

    op.drop_table("reasons")
    op.drop_table("markers")
    op.drop_table("return_codes")
    op.drop_table("discussions")
