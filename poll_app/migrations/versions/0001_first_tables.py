"""First tables"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("standfirst", sa.String(length=600), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("discussion_prompt", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("slug", name=op.f("uq_articles_slug")),
    )
    op.create_table(
        "written_batches",
        sa.Column("number", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_written_batches")),
    )
    with op.batch_alter_table("written_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_written_batches_hour"), ["hour"], unique=False)

    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("min_choices", sa.Integer(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=False),
        sa.Column("results_policy", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wording_version", sa.Integer(), nullable=False),
        sa.Column("voter_salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("method IN ('single', 'multiple')", name=op.f("ck_polls_method")),
        sa.CheckConstraint(
            "results_policy IN ('always', 'after_vote', 'after_close')",
            name=op.f("ck_polls_results_policy"),
        ),
        sa.CheckConstraint(
            "1 <= min_choices AND min_choices <= max_choices", name=op.f("ck_polls_choices")
        ),
        sa.CheckConstraint(
            "closes_at IS NULL OR opens_at < closes_at", name=op.f("ck_polls_times")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_polls_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("slug", name=op.f("uq_polls_slug")),
    )
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_article_id"), ["article_id"], unique=False)

    op.create_table(
        "ballots",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("peeked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("state IN ('counted', 'withdrawn')", name=op.f("ck_ballots_state")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_ballots_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", name=op.f("pk_ballots")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hourly_turnouts",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_hourly_turnouts_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "hour", name=op.f("pk_hourly_turnouts")),
    )
    op.create_table(
        "options",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("not_sure", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_options_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_options")),
        sa.UniqueConstraint("poll_id", "id", name=op.f("uq_options_poll_id_id")),
        sa.UniqueConstraint("poll_id", "label", name=op.f("uq_options_poll_id_label")),
    )
    op.create_table(
        "peeks",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_peeks_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", name=op.f("pk_peeks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "turnouts",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("peeks", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("ballots >= 0 AND peeks >= 0", name=op.f("ck_turnouts_figures")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_turnouts_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", name=op.f("pk_turnouts")),
    )
    op.create_table(
        "choices",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["poll_id", "option_id"],
            ["options.poll_id", "options.id"],
            name=op.f("fk_choices_poll_id_option_id"),
        ),
        sa.ForeignKeyConstraint(
            ["poll_id", "voter_key"],
            ["ballots.poll_id", "ballots.voter_key"],
            name=op.f("fk_choices_poll_id_voter_key"),
        ),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", "option_id", name=op.f("pk_choices")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hourly_tallies",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id", "option_id"],
            ["options.poll_id", "options.id"],
            name=op.f("fk_hourly_tallies_poll_id_option_id"),
        ),
        sa.PrimaryKeyConstraint("poll_id", "option_id", "hour", name=op.f("pk_hourly_tallies")),
    )
    op.create_table(
        "past_answers",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("voter_key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("option_ids", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["poll_id", "voter_key"],
            ["ballots.poll_id", "ballots.voter_key"],
            name=op.f("fk_past_answers_poll_id_voter_key"),
        ),
        sa.PrimaryKeyConstraint("poll_id", "voter_key", "revision", name=op.f("pk_past_answers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tallies",
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_tallies_votes")),
        sa.ForeignKeyConstraint(
            ["poll_id", "option_id"],
            ["options.poll_id", "options.id"],
            name=op.f("fk_tallies_poll_id_option_id"),
        ),
        sa.PrimaryKeyConstraint("poll_id", "option_id", name=op.f("pk_tallies")),
    )


def downgrade() -> None:
    op.drop_table("tallies")
    op.drop_table("past_answers")
    op.drop_table("hourly_tallies")
    op.drop_table("choices")
    op.drop_table("turnouts")
    op.drop_table("peeks")
    op.drop_table("options")
    op.drop_table("hourly_turnouts")
    op.drop_table("ballots")
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_article_id"))

    op.drop_table("polls")
    with op.batch_alter_table("written_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_written_batches_hour"))

    op.drop_table("written_batches")
    op.drop_table("articles")
