"""The lines that put a question, or the questions of an article, on a page of another site."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app, url_for
from markupsafe import escape

from poll_app.web.placements import Kind, token_for

_HEAD_PX = 260  # the question, the buttons, the foot of a frame
_OPTION_PX = 52


def embed_lines(
    kind: Kind, slug: str, title: str, *, options: Sequence[int], placement_id: int | None = None
) -> str:
    """A frame as wide as the page with a fixed height, a link for whoever sees no frame, and a
    script that fits the height, without which the frame scrolls. `options`: how many options each
    of its questions has; `placement_id`: the place that ballots from there are counted for.
    """
    public: str = current_app.extensions["settings"].public_url
    frame = public + url_for(f"embed.{kind}", slug=slug, at=_at(kind, slug, placement_id))
    page = placed_link(kind, slug, placement_id)
    return frame_lines(frame, page, title, width="100%", height=frame_height(options))


def frame_height(options: Sequence[int]) -> int:
    """How high a frame is, in pixels, before the script has measured it."""
    return sum(_HEAD_PX + _OPTION_PX * count for count in options)


def frame_lines(frame: str, page: str, title: str, *, width: str, height: int) -> str:
    """The same for a frame at this address, of this size, with a link to this page."""
    public: str = current_app.extensions["settings"].public_url
    shown = escape(title)
    size = f'width="{width}" height="{height}" frameborder="0"'
    lines = (
        f'<iframe src="{frame}" title="{shown}" loading="lazy" {size}></iframe>',
        f'<p><a href="{page}">{shown}</a></p>',
        f'<script src="{public}{url_for("embed.loader")}" async></script>',
    )
    return "\n".join(lines)


def placed_link(kind: Kind, slug: str, placement_id: int | None) -> str:
    """The address of a page for readers who come upon it at this place."""
    public: str = current_app.extensions["settings"].public_url
    return public + url_for(f"reader.{kind}", slug=slug, at=_at(kind, slug, placement_id))


def _at(kind: Kind, slug: str, placement_id: int | None) -> str | None:
    return token_for(kind, slug, placement_id) if placement_id else None
