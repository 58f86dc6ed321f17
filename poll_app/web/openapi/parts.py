"""What several addresses share: what can be asked for, headers, and the answers that are none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poll_app.domain.articles import MAX_SLUG_LENGTH
from poll_app.web.openapi.shapes import Schema, ref
from poll_app.web.paging import MAX_CURSOR_LENGTH, MOST


def _parameter(name: str, where: str, meaning: str, schema: Schema, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": where, "description": meaning, "schema": schema, **more}


PARAMETERS: Mapping[str, Schema] = {
    "slug": _parameter(
        "slug",
        "path",
        "The name in the address of the page",
        {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": MAX_SLUG_LENGTH},
        required=True,
    ),
    "as_of": _parameter(
        "as_of",
        "query",
        "A time (RFC 3339), cut down to the full hour: the figures as they stood then, for ever",
        {"type": "string", "format": "date-time"},
        example="2026-11-22T12:00:00Z",
    ),
    "limit": _parameter(
        "limit",
        "query",
        "How many to a page at most",
        {"type": "integer", "minimum": 1, "maximum": MOST},
        example=20,
    ),
    "cursor": _parameter(
        "cursor",
        "query",
        "Where to go on; taken from next and never made up",
        {"type": "string", "minLength": 1, "maxLength": MAX_CURSOR_LENGTH},
    ),
    "poll": _parameter(
        "poll", "query", "The slug of one question", {"type": "string", "minLength": 1}
    ),
    "before": _parameter(
        "before",
        "query",
        "Only acts with a smaller number",
        {"type": "integer", "minimum": 1, "maximum": 999_999_999_999_999_999},
    ),
    "rows": _parameter(
        "rows", "query", "The slug of the question whose answers are the rows", {"type": "string"}
    ),
    "columns": _parameter(
        "columns", "query", "The slug of the question to set it against", {"type": "string"}
    ),
    "if_none_match": _parameter(
        "If-None-Match", "header", "The ETag of the answer that is at hand", {"type": "string"}
    ),
}  # fmt: skip

HEADERS: Mapping[str, Schema] = {
    "ETag": {
        "description": "Another one as soon as the answer is another",
        "required": True,
        "schema": {"type": "string"},
    },
    "Cache-Control": {
        "description": "How long a cache may keep it",
        "required": True,
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "The next page as a link with rel=next; absent on the last one",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "The address of today",
        "required": True,
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Seconds to wait",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
}

_PROBLEM = {"application/problem+json": {"schema": ref("Problem")}}
RESPONSES: Mapping[str, Schema] = {
    "304": {
        "description": "Nothing has changed",
        "headers": {
            name: {"$ref": f"#/components/headers/{name}"} for name in ("ETag", "Cache-Control")
        },
    },
    "308": {
        "description": "It has another slug now, or another wording has taken its place",
        "headers": {"Location": {"$ref": "#/components/headers/Location"}},
    },
    "400": {"description": "What was asked for can’t be read", "content": _PROBLEM},
    "404": {"description": "Unknown, or not public yet", "content": _PROBLEM},
    "410": {"description": "The article was withdrawn", "content": _PROBLEM},
    "414": {"description": "The address is too long", "content": _PROBLEM},
    "422": {"description": "The result of that time can’t be told yet", "content": _PROBLEM},
    "500": {"description": "Something is broken here", "content": _PROBLEM},
    "503": {
        "description": "Not at this moment",
        "headers": {"Retry-After": {"$ref": "#/components/headers/Retry-After"}},
        "content": _PROBLEM,
    },
}
