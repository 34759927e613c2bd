"""Retention, erasure and review.

Organisations that stand in the database already keep their data until somebody sets days: an update deletes nothing.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENTS = (("conversation", "words_gone_at"), ("conversation", "numbers_gone_at"), ("invoice", "numbers_gone_at"))
NEW = ("redaction", "purge", "erasure", "review")


def upgrade() -> None:
    op.add_column("organisation", sa.Column("retention", sa.JSON(), server_default="{}", nullable=False))
    op.execute("""UPDATE organisation SET retention = '{"words": null, "numbers": null, "invoices": null}'""")
    for table, column in MOMENTS:
        op.add_column(table, sa.Column(column, columns.UtcDateTime(timezone=True), nullable=True))
    op.create_table(
        "redaction",
        *_owned_by("redaction", "conversation"),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("because", sa.String(length=200), nullable=False),
    )
    op.create_table(
        "purge",
        *_owned_by("purge", "organisation"),
        sa.Column("data_class", sa.String(length=10), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        *_times(),
    )
    op.create_table(
        "erasure",
        *_owned_by("erasure", "organisation"),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("door", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("conversations", "invoices", "payments")),
        *_times(),
    )
    op.create_table(
        "review",
        *_owned_by("review", "conversation"),
        sa.Column("reviewer", sa.String(length=100), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("turns_with_leftovers", sa.Integer(), nullable=False),
        sa.Column("leftovers", sa.JSON(), nullable=False),
        sa.Column("created_at", columns.UtcDateTime(timezone=True), nullable=False),
    )
    for table, owner in zip(NEW, ("conversation", "organisation", "organisation", "conversation"), strict=True):
        op.create_index(op.f(f"ix_{table}_{owner}_id"), table, [f"{owner}_id"])


def downgrade() -> None:
    for table in reversed(NEW):
        op.drop_table(table)
    for table, column in (*MOMENTS, ("organisation", "retention")):
        op.drop_column(table, column)


def _owned_by(table: str, owner: str) -> tuple[sa.schema.SchemaItem, ...]:
    name = op.f(f"fk_{table}_{owner}_id")
    return (
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(f"{owner}_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint([f"{owner}_id"], [f"{owner}.id"], name=name, ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _times() -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("started_at", columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", columns.UtcDateTime(timezone=True), nullable=True),
    )
