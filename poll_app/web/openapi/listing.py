"""The document as its page lists it: addresses, what can be asked for, fields line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from poll_app.web.openapi.shapes import Schema

_PARTS = "#/components/"


@dataclass(frozen=True)
class Field:
    """A name with what it holds. `shapes`: which of the listed shapes it holds."""

    name: str
    kind: str
    meaning: str
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """What can be asked for, and which answers come."""

    asked: tuple[Field, ...]
    answers: tuple[Field, ...]


@dataclass(frozen=True)
class Address:
    """An address with what is its own; `examples` can be fetched."""

    path: str
    name: str
    summary: str
    more: str
    own: Listed
    examples: tuple[str, ...]


def list_common(document: Mapping[str, Any]) -> Listed:
    """What every address has."""
    all_said = [_listed(document, methods["get"]) for methods in document["paths"].values()]
    return Listed(
        tuple(one for one in all_said[0].asked if all(one in said.asked for said in all_said)),
        tuple(one for one in all_said[0].answers if all(one in said.answers for said in all_said)),
    )


def list_addresses(document: Mapping[str, Any], slugs: Mapping[str, str]) -> list[Address]:
    """Every address without what all have; `slugs` by the first part of a path ("polls") stand in
    its examples."""
    server, common = document["servers"][0]["url"], list_common(document)
    found = []
    for path, methods in document["paths"].items():
        said = methods["get"]
        listed = _listed(document, said)
        example = server + path.replace("{slug}", slugs.get(path.split("/")[3], "SLUG"))
        asked = [_looked_up(document, one) for one in said["parameters"]]
        query = urlencode(
            {one["name"]: one["example"] for one in asked if "example" in one}, safe=":"
        )
        found.append(
            Address(
                path=path,
                name=said["operationId"],
                summary=said["summary"],
                more=said.get("description", ""),
                own=Listed(
                    tuple(one for one in listed.asked if one not in common.asked),
                    tuple(one for one in listed.answers if one not in common.answers),
                ),
                examples=(example, *([f"{example}?{query}"] if query else [])),
            )
        )
    return found


def _listed(document: Mapping[str, Any], said: Mapping[str, Any]) -> Listed:
    asked = [_looked_up(document, one) for one in said["parameters"]]
    answers = {status: _looked_up(document, one) for status, one in said["responses"].items()}
    return Listed(
        tuple(
            Field(one["name"], f"{one['in']}, {_kind(one['schema'])}", one["description"])
            for one in asked
        ),
        tuple(
            Field(
                status,
                next(iter(one.get("content", {})), ""),
                one["description"],
                _shapes_in(one["content"]["application/json"]["schema"]) if status == "200" else (),
            )
            for status, one in answers.items()
        ),
    )


def list_shapes(document: Mapping[str, Any]) -> dict[str, tuple[str, list[Field]]]:
    """Every shape by its name: what it is, and its fields with those inside them."""
    schemas = document["components"]["schemas"]
    return {name: (one["description"], list(_fields(one))) for name, one in schemas.items()}


def _fields(schema: Schema, inside: str = "") -> Iterator[Field]:
    for name, one in schema.get("properties", {}).items():
        plain = _without_null(one)
        whole = f"{inside}{name}"
        missing = "" if name in schema["required"] else ", may be absent"
        yield Field(whole, _kind(one) + missing, _meaning(one), _shapes_in(plain))
        held = _without_null(plain.get("items", plain))
        yield from _fields(held, f"{whole}[]." if "items" in plain else f"{whole}.")


def _kind(schema: Schema) -> str:
    plain = _without_null(schema)
    kind = plain.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in plain:
        kind = " | ".join(plain["enum"])
    elif "format" in plain:
        kind = {"date-time": "time", "uri": "address"}.get(plain["format"], plain["format"])
    if "items" in plain:
        held = _without_null(plain["items"])
        kind = "list" if "properties" in held or "$ref" in held else f"list of {_kind(held)}"
    return f"{kind} or null" if plain != schema or "null" in _types(schema) else str(kind)


def _types(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]


def _without_null(schema: Schema) -> Schema:
    return next(iter(schema["anyOf"])) if {"type": "null"} in schema.get("anyOf", []) else schema


def _meaning(schema: Schema) -> str:
    return str(_without_null(schema).get("description", ""))


def _shapes_in(schema: Schema) -> tuple[str, ...]:
    """The named shapes that a value is, or a list holds."""
    plain = _without_null(schema)
    held = [plain, plain.get("items", {}), *plain.get("anyOf", [])]
    return tuple(one["$ref"].rpartition("/")[2] for one in held if "$ref" in one)


def _looked_up(document: Mapping[str, Any], part: Mapping[str, Any]) -> Any:
    if "$ref" not in part:
        return part
    kind, _, name = part["$ref"].removeprefix(_PARTS).partition("/")
    return document["components"][kind][name]
