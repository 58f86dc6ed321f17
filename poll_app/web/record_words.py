"""The record in words: what stood there before and after, field by field; where to go on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _

from poll_app.domain.discussion.codes import MODERATION_WORDS, STATE_WORDS, explained
from poll_app.domain.methods import METHOD_FACTS, POLICY_FACTS, Described
from poll_app.domain.record import ACTS, FIELDS
from poll_app.domain.refusals import Malformed
from poll_app.domain.sentences import Sentence, sentence
from poll_app.web.language import moment, number, say
from poll_app.web.people.roles import ROLES

_WORDS: dict[str, Mapping[Any, Any]] = {
    "method": METHOD_FACTS,
    "moderation": MODERATION_WORDS,
    "results_policy": POLICY_FACTS,
    "role": ROLES,
    "state": STATE_WORDS,
}
_FOR_THE_PROGRAM = frozenset({"reviewed", "revision"})  # what undoing a decision needs
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


@dataclass(frozen=True)
class Change:
    """A field with what stood there, None where it did not exist."""

    label: str
    before: str | None
    after: str | None


def act_in_words(act: str) -> str:
    """What was done; the code itself where a later version wrote it."""
    return say(ACTS[act]) if act in ACTS else act


def changes_in_words(before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """Every field that stands in either and is not the same in both, in their order."""
    return [
        Change(
            say(FIELDS[name]) if name in FIELDS else name.replace("_", " "),
            _in_words(name, before) if name in before else None,
            _in_words(name, after) if name in after else None,
        )
        for name in {**before, **after}
        if name not in _FOR_THE_PROGRAM
        and not (name in before and name in after and before[name] == after[name])
    ]


def asked_number(name: str) -> int | None:
    """A number of the query, None where it is not asked for. Raises Malformed for anything that no
    link of ours holds."""
    text = request.args.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise Malformed(sentence("This address is damaged."))
    return int(text)


def _in_words(field: str, facts: Mapping[str, object]) -> str:
    """A value as it stands on pages; of some fields the record keeps a code."""
    value = facts[field]
    if field == "codes":
        return " ".join(map(say, explained(str(facts.get("state")), str(value).split())))
    words = _WORDS.get(field, {}).get(str(value))
    if isinstance(words, Described):
        return say(words.label)
    if isinstance(words, Sentence):
        return say(words)
    return _shown(value) if words is None else str(words)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if isinstance(value, int):
        return number(value)
    if isinstance(value, str):
        return moment(datetime.fromisoformat(value)) if _TIME.match(value) else value
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {_shown(part)}" for key, part in value.items())
    if isinstance(value, list | tuple):
        return "\n".join(_in_one_line(part) for part in value)
    return ""


def _in_one_line(value: object) -> str:
    """A part of a list; an answer of a survey is a pair of its words and its percents."""
    parts = value if isinstance(value, list | tuple) else [value]
    return " ".join(_shown(part) for part in parts)
