"""The document itself: what `described` says at each view, put together along the addresses.

A view says which shape it answers with and what can be asked of it, in one line above it; its
docstring is the rest. An address under /api/v1/ without that line stops the tests.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

from poll_app.web.openapi.parts import HEADERS, PARAMETERS, RESPONSES
from poll_app.web.openapi.schemas import SCHEMAS
from poll_app.web.openapi.shapes import Schema, ref

PREFIX = "/api/v1/"

_INTRODUCTION = """\
Everything that this site shows to the public, to be read by programs. Nothing can be written, and \
nobody signs in. Figures describe the readers who voted and nobody else: show the `note` of a \
result beside them.

Every answer has an `ETag`; ask again with `If-None-Match`, and it is 304 while nothing has \
changed. Answers may be kept for ten seconds, those with `as_of` for ever. Scripts of any site may \
read them (CORS). HEAD works wherever GET does. New names may be added at any time; those that are \
here stay."""

_View = TypeVar("_View", bound=Callable[..., object])


@dataclass(frozen=True)
class Operation:
    """What a view says of itself. `shape`: the schema of its 200, by name or in full; `query`: what
    can be asked for; `answers`: statuses beside those that every address can give."""

    shape: Schema
    query: tuple[str, ...]
    answers: tuple[int, ...]


def described(
    shape: str | Schema, *, query: tuple[str, ...] = (), answers: tuple[int, ...] = ()
) -> Callable[[_View], _View]:
    """Marks a view of the public JSON with what it answers."""

    def mark(view: _View) -> _View:
        full = ref(shape) if isinstance(shape, str) else shape
        view.__dict__["operation"] = Operation(full, query, answers)
        return view

    return mark


def document(app: Flask, *, title: str, version: str, server: str) -> dict[str, Any]:
    """The OpenAPI document of this application."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX)]
    order = list(app.view_functions)  # as they stand in the modules, one after the other
    paths = {
        re.sub(r"<(\w+)>", r"{\1}", rule.rule): {
            "get": _operation(app.view_functions[rule.endpoint], rule.endpoint, rule.arguments)
        }
        for rule in sorted(rules, key=lambda rule: order.index(rule.endpoint))
    }
    return {
        "openapi": "3.1.1",
        "info": {"title": title, "version": version, "description": _INTRODUCTION},
        "servers": [{"url": server}],
        "security": [],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "responses": RESPONSES,
        },
    }


def _operation(view: Callable[..., object], endpoint: str, arguments: set[str]) -> dict[str, Any]:
    own: Operation = view.__dict__["operation"]
    summary, _, more = (inspect.getdoc(view) or "").partition("\n\n")
    by_slug = "slug" in arguments
    answers = sorted(
        {*own.answers, *([308, 404] if by_slug else []), *([400] if own.query else [])}
    )
    asked = [*(["slug"] if by_slug else []), *own.query, "if_none_match"]
    headers = {"ETag", "Cache-Control", *(["Link"] if "limit" in own.query else [])}
    good = {
        "description": summary,
        "headers": {
            header: {"$ref": f"#/components/headers/{header}"} for header in sorted(headers)
        },
        "content": {"application/json": {"schema": own.shape}},
    }
    return {
        "operationId": endpoint.replace(".", "_"),
        "summary": summary,
        **({"description": " ".join(more.split())} if more else {}),
        "parameters": [{"$ref": f"#/components/parameters/{one}"} for one in asked],
        "responses": {
            "200": good,
            **{
                str(status): {"$ref": f"#/components/responses/{status}"}
                for status in (304, *answers, 414, 500, 503)
            },
        },
    }
