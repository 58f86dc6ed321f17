"""Placements of a question, and readers' voter keys that an article's questions share"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite changes a table by copying it; the copy must lie in the order of its keys as well.
_IN_ORDER = {"sqlite_with_rowid": False}


def upgrade() -> None:
    op.create_table(
        "placements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placements")),
        sa.UniqueConstraint("name", name=op.f("uq_placements_name")),
    )
    op.create_table(
        "placement_tallies",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("placement_id", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.CheckConstraint("ballots >= 0", name=op.f("ck_placement_tallies_ballots")),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placements.id"], name=op.f("fk_placement_tallies_placement_id")
        ),
        sa.ForeignKeyConstraint(
            ["poll_id"], ["polls.id"], name=op.f("fk_placement_tallies_poll_id")
        ),
        sa.PrimaryKeyConstraint("poll_id", "placement_id", name=op.f("pk_placement_tallies")),
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("voter_salt", sa.LargeBinary(length=16), nullable=True))

    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shared_salt", sa.LargeBinary(length=16), nullable=True))

    with op.batch_alter_table("ballots", schema=None, table_kwargs=_IN_ORDER) as batch_op:
        batch_op.add_column(sa.Column("placement_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_ballots_placement_id"), "placements", ["placement_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("ballots", schema=None, table_kwargs=_IN_ORDER) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_ballots_placement_id"), type_="foreignkey")
        batch_op.drop_column("placement_id")

    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_column("shared_salt")

    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_column("voter_salt")

    op.drop_table("placement_tallies")
    op.drop_table("placements")
