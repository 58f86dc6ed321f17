"""The lines that put a question, or the questions of an article, on a page of another site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from flask import current_app, url_for
from markupsafe import escape

_HEAD_PX = 260  # the question, the buttons, the foot of a frame
_OPTION_PX = 52


def embed_lines(
    kind: Literal["poll", "article"], slug: str, title: str, *, options: Sequence[int]
) -> str:
    """A frame as wide as the page with a fixed height, a link for whoever sees no frame, and a
    script that fits the height, without which the frame scrolls. `options`: how many options each
    of its questions has.
    """
    public: str = current_app.extensions["settings"].public_url
    frame = public + url_for(f"embed.{kind}", slug=slug)
    page = public + url_for(f"reader.{kind}", slug=slug)
    height_px = sum(_HEAD_PX + _OPTION_PX * count for count in options)
    shown = escape(title)
    size = f'width="100%" height="{height_px}" frameborder="0"'
    lines = (
        f'<iframe src="{frame}" title="{shown}" loading="lazy" {size}></iframe>',
        f'<p><a href="{page}">{shown}</a></p>',
        f'<script src="{public}{url_for("embed.loader")}" async></script>',
    )
    return "\n".join(lines)
