"""The place of a link or a frame, as its address says it: `?at=`, signed.

The token holds for the one page it was made for. A wrong one is ignored: the ballot counts, without
a place. Valid ones are few, so caches may keep their pages; those that are made up may not be kept.
"""

from __future__ import annotations

import base64
import hmac
import re
from functools import lru_cache
from typing import Literal

from flask import current_app, request

Kind = Literal["poll", "article"]
FIELD = "at"

_TOKEN = re.compile(r"([1-9][0-9]{0,8})-[A-Za-z0-9_-]{12}")
_SIGNATURE_BYTES = 9


def token_for(kind: Kind, slug: str, placement_id: int) -> str:
    """What stands in the address of this page for readers who come upon it at this place."""
    return _signed(current_app.extensions["settings"].secret_key, kind, slug, placement_id)


def placement_in(token: str, kind: Kind, slug: str) -> int | None:
    """The number of the place that this token proves for the page; None for no such token."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    placement_id = int(found[1])
    good = hmac.compare_digest(token_for(kind, slug, placement_id), token)
    return placement_id if good else None


def asked_placement(kind: Kind, slug: str) -> int | None:
    """The place that the address of this request proves."""
    tokens = request.args.getlist(FIELD)
    return placement_in(tokens[0], kind, slug) if len(tokens) == 1 else None


def sent_placement(slug: str) -> int | None:
    """The place that the form of a question was sent with."""
    return placement_in(request.form.get(FIELD, ""), "poll", slug)


def is_made_up(placement_id: int | None) -> bool:
    """Whether the address names a place that it can't prove."""
    return placement_id is None and FIELD in request.args


@lru_cache(1_000)
def _signed(secret: str, kind: Kind, slug: str, placement_id: int) -> str:
    said = f"placement\0{kind}\0{slug}\0{placement_id}"
    signature = hmac.digest(secret.encode(), said.encode(), "sha256")[:_SIGNATURE_BYTES]
    return f"{placement_id}-{base64.urlsafe_b64encode(signature).decode()}"
