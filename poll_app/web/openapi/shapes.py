"""The words that shapes of JSON are written in: JSON Schema in short.

Every name of an `obj` is always there, but those that `may_miss`. Nothing forbids further names: to
add one is no break. The tests do forbid them, so that none is forgotten here.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def obj(meaning: str, **fields: Schema) -> Schema:
    """An object with these names."""
    return {
        "type": "object",
        "description": meaning,
        "required": list(fields),
        "properties": fields,
    }


def may_miss(schema: Schema, *names: str) -> Schema:
    """The same object, sometimes without these names."""
    return {**schema, "required": [name for name in schema["required"] if name not in names]}


def several(item: Schema, meaning: str) -> Schema:
    """A list."""
    return {"type": "array", "description": meaning, "items": item}


def text(meaning: str, **more: Any) -> Schema:
    """A text."""
    return {"type": "string", "description": meaning, **more}


def one_of(values: tuple[str, ...], meaning: str) -> Schema:
    """A text out of few."""
    return text(meaning, enum=list(values))


def moment(meaning: str) -> Schema:
    """A time: RFC 3339, in UTC, to the second."""
    return text(meaning, format="date-time")


def day(meaning: str) -> Schema:
    """A day."""
    return text(meaning, format="date")


def address(meaning: str) -> Schema:
    """A whole address."""
    return text(meaning, format="uri")


def count(meaning: str, least: int = 0) -> Schema:
    """A whole number."""
    return {"type": "integer", "description": meaning, "minimum": least}


def percent(meaning: str) -> Schema:
    """A whole percentage."""
    return {**count(meaning), "maximum": 100}


def flag(meaning: str) -> Schema:
    """Yes or no."""
    return {"type": "boolean", "description": meaning}


def number(meaning: str) -> Schema:
    """Any number."""
    return {"type": "number", "description": meaning}


def ref(name: str) -> Schema:
    """A shape that stands under its name among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if "type" in schema and "enum" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
