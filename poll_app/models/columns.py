"""What several tables share."""

from __future__ import annotations

from sqlalchemy import CheckConstraint

# SQLite then keeps the rows in the order of their keys, not of their arrival.
WITHOUT_ROWID = {"sqlite_with_rowid": False}


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
