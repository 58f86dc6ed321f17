"""What differs between two states of a thing: for two editors at once, and for the record."""

from __future__ import annotations

from collections.abc import Mapping

_CONTEXT_LINES = 1


def changed_fields(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """The fields of `before` and of `after` that differ; of long texts the lines that do."""
    old: dict[str, object] = {}
    new: dict[str, object] = {}
    for name, value in after.items():
        was = before.get(name)
        if was == value:
            continue
        if isinstance(was, str) and isinstance(value, str):
            old[name], new[name] = differing_lines(was, value)
        else:
            old[name], new[name] = was, value
    return old, new


def differing_lines(before: str, after: str) -> tuple[str, str]:
    """Both texts from the first line that differs to the last one, with a line around it; "…"
    stands for what was left out at either end."""
    one, two = before.split("\n"), after.split("\n")
    shorter = min(len(one), len(two))
    start = next((n for n in range(shorter) if one[n] != two[n]), shorter)
    same = next((n for n in range(shorter - start) if one[-1 - n] != two[-1 - n]), shorter - start)
    first, last = max(0, start - _CONTEXT_LINES), max(0, same - _CONTEXT_LINES)
    return _part(one, first, len(one) - last), _part(two, first, len(two) - last)


def _part(lines: list[str], first: int, end: int) -> str:
    return "\n".join(
        [*(["…"] if first else []), *lines[first:end], *(["…"] if end < len(lines) else [])]
    )
