"""Where a reader stands in a discussion, and the way back there after a mark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from poll_app.domain.discussion.ranking import ORDERS, Order
from poll_app.domain.refusals import Malformed
from poll_app.domain.sentences import sentence

REASON = "<int(max=2147483647):reason_id>"
SIDE = "<int(max=2147483647):option_id>"
_MAX_PAGE = 100_000


def asked_order() -> Order:
    """The order that the address asks for. Raises Malformed."""
    return _order(request.args)


def asked_page() -> int:
    """The page that the address asks for, from 1. Raises Malformed."""
    return _page(request.args)


def way_back(slug: str, reason_id: int) -> str:
    """The place from which a form was sent, as its hidden fields name it; else the permalink."""
    here, anchor = request.form.get("here", ""), f"r-{reason_id}"
    if here not in {"reasons", "side", "results"}:
        return url_for("discussion.reason", reason_id=reason_id, _anchor=anchor)
    if here == "results":
        return url_for("results.results", slug=slug, _anchor=anchor)
    asked: dict[str, Any] = {"order": None if (o := _order(request.form)) == "fair" else o}
    if here == "reasons":
        return url_for("discussion.reasons", slug=slug, _anchor=anchor, **asked)
    page = _page(request.form)
    side = request.form.get("side", "")
    if not (side.isascii() and side.isdigit() and len(side) < 10):
        raise Malformed(sentence("This form is damaged. Open the page again."))
    asked |= {"option_id": int(side), "page": page if page > 1 else None}
    return url_for("discussion.side", slug=slug, _anchor=anchor, **asked)


def _order(values: Mapping[str, str]) -> Order:
    asked = values.get("order", "fair")
    for order in ORDERS:
        if order == asked:
            return order
    raise Malformed(sentence("Reasons can’t be put in this order."))


def _page(values: Mapping[str, str]) -> int:
    text = values.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    if not 0 < number <= _MAX_PAGE:
        raise Malformed(sentence("There is no such page."))
    return number
