"""Pages inside another site's frame: which they are, what their address asks for, where they lead.

Whatever lies under /embed/ may be framed, and nothing else. Every link, form and redirect there
stays there and keeps what the address asked for.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request

from poll_app.web.placements import FIELD, Kind, asked_placement, token_for

PREFIX = "/embed/"

# What a page calls by these names, on a page of its own and in a frame: the endpoint of each.
_ON_A_PAGE = {
    "poll": "reader.poll",
    "change": "reader.poll",
    "vote": "reader.vote",
    "withdraw": "reader.withdraw",
    "peek": "reader.peek_at_results",
    "results": "results.results",
}
_IN_A_FRAME = {
    "poll": "embed.poll",
    "change": "embed.change",
    "vote": "embed.vote",
    "withdraw": "embed.withdraw",
    "peek": "embed.peek_at_results",
    "results": "embed.results",
}
_PARAMETERS = ("theme", "lang", "from", FIELD)


def init_app(app: Flask) -> None:
    """Tells templates where they are."""

    @app.context_processor
    def place() -> dict[str, Any]:
        framed = is_framed()
        return {
            "framed": framed,
            "pages": _IN_A_FRAME if framed else _ON_A_PAGE,
            "page_layout": "embed/layout.html" if framed else "layout.html",
            "asked": asked(),
        }


def is_framed() -> bool:
    """Whether this request is for a page that other sites may frame."""
    return request.path.startswith(PREFIX)


def asked() -> dict[str, str]:
    """What the address of a frame asks for, as far as we have it; nothing on any other page.

    `theme`: light, dark or auto; `lang`: a language that we speak; `from`: "article" for a question
    opened from the frame of its article, to find the way back; `at`: the place it was given out at.
    """
    if not is_framed():
        return {}
    given = {name: request.args[name] for name in _PARAMETERS if name in request.args}
    return {name: value for name, value in given.items() if value in _known(name)}


def framed_placement() -> int | None:
    """The place that the address of this frame proves."""
    return asked_placement(*_shown()) if request.view_args else None


def _shown() -> tuple[Kind, str]:
    """What the frame shows."""
    kind: Kind = "article" if (request.endpoint or "").endswith(".article") else "poll"
    return kind, (request.view_args or {}).get("slug", "")


def asks_for_known_things() -> bool:
    """Whether each parameter is given once, with a value that we have: of such addresses there are
    few, so caches may keep their pages."""
    named = [name for name in request.args if name in _PARAMETERS]
    return len(named) == len(asked()) and all(len(request.args.getlist(n)) == 1 for n in named)


def _known(name: str) -> set[str]:
    if name == "theme":
        return {"light", "dark", "auto"}
    if name == "from":
        return {"article"}
    if name == FIELD:
        return {token_for(*_shown(), place)} if (place := framed_placement()) else set()
    languages: set[str] = current_app.extensions["languages"]
    return languages | {language.replace("_", "-") for language in languages}
