"""What was told last of two questions set against each other"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "told_pairs",
        sa.Column("first_poll_id", sa.Integer(), nullable=False),
        sa.Column("second_poll_id", sa.Integer(), nullable=False),
        sa.Column("pairs", sa.JSON(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_ballots", sa.Integer(), nullable=False),
        sa.Column("second_ballots", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_poll_id"], ["polls.id"], name=op.f("fk_told_pairs_first_poll_id")
        ),
        sa.ForeignKeyConstraint(
            ["second_poll_id"], ["polls.id"], name=op.f("fk_told_pairs_second_poll_id")
        ),
        sa.PrimaryKeyConstraint("first_poll_id", "second_poll_id", name=op.f("pk_told_pairs")),
    )


def downgrade() -> None:
    op.drop_table("told_pairs")
