"""Tables for spreadsheets: CSV with a byte order mark, so that they read UTF-8, and without
formulas: a text that would be taken for one is quoted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from flask import Response, stream_with_context

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The lines of a table, one by one; what is no text, a number or None, stays as it is."""
    line = io.StringIO()
    writer = csv.writer(line)
    line.write("\ufeff")
    for row in rows:
        writer.writerow([plain_cell(cell) if isinstance(cell, str) else cell for cell in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def plain_cell(text: str) -> str:
    """A text that no spreadsheet calculates."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def as_download(answer: Response, name: str) -> Response:
    """Marks an answer as a file with this name, which is of ASCII."""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def streamed_csv(rows: Iterable[Iterable[object]], name: str) -> Response:
    """A table that is sent while it is made."""
    lines = stream_with_context(csv_lines(rows))
    return as_download(Response(lines, mimetype="text/csv"), name)
