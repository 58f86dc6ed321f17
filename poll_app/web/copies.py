"""What the front files a copy of a page under: few addresses, however many can be made up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Key = tuple[str, str]

_ASSET_VERSION = re.compile(r"v=[0-9a-f]{12}")
# What newsletters and social networks add to a link; no page of ours reads it.
_CAMPAIGN = re.compile(r"((utm_\w+|fbclid|gclid|msclkid)=[^&]*(&|$))+")
_MAX_CAMPAIGN = 1_000
# What an address may ask for, and at which place it was given out; a page refuses to be kept for a
# value that it doesn't know.
_AT = r"at=[1-9][0-9]{0,8}-[A-Za-z0-9_-]{12}"
_ASKED = rf"((theme|lang|from)=[A-Za-z_-]{{2,12}}|{_AT})"
_FRAME = re.compile(rf"{_ASKED}(&{_ASKED}){{0,3}}")
_PLACED = re.compile(rf"{_AT}")
# What a card names it by is only there for other sites to fetch it anew (syndication/page_head.py).
_PICTURE = re.compile(r"/polls/[^/]+/results\.png")
_PLACES = re.compile(r"/(polls|articles)/[^/]+")  # the pages that a link with a place leads to


def key_of(environ: WSGIEnvironment) -> Key | None:
    """The path, with the version of an asset, what a frame's address asks for or the place that a
    link was given out at. None for any other query: of those that can be made up there is no end,
    and they would push pages out of memory."""
    path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    if query and len(query) <= _MAX_CAMPAIGN and _CAMPAIGN.fullmatch(query):
        query = ""
    if is_asset(query) and _PICTURE.fullmatch(path):
        query = ""
    framed = path.startswith("/embed/") and _FRAME.fullmatch(query)
    placed = _PLACES.fullmatch(path) and _PLACED.fullmatch(query)
    return (path, query) if not query or framed or placed or is_asset(query) else None


def is_asset(query: str) -> bool:
    """Whether this is the query of an asset under the address that pages name."""
    return _ASSET_VERSION.fullmatch(query) is not None
