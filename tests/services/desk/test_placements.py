"""Placements at the desk: named, renamed, retired, brought back, each in the record."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from poll_app.database import db
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.models import Act
from poll_app.services.desk.placements import (
    add_placement,
    rename_placement,
    restore_placement,
    retire_placement,
)
from poll_app.services.placements import list_placements

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
HOW = {"by": COMMAND_LINE, "now": NOW}


@pytest.fixture
def place(services):
    """The number of a place."""
    add_placement("Home page", **HOW)
    return list_placements()[0].id


def acts():
    db.session.rollback()
    return [
        (act.act, act.subject, act.before, act.after)
        for act in db.session.scalars(select(Act).order_by(Act.id))
    ]


def test_what_is_done_to_a_place_is_recorded(place):
    rename_placement(place, "Front page", **HOW)
    retire_placement(place, **HOW)
    restore_placement(place, **HOW)

    assert acts() == [
        ("placement.added", "Home page", {}, {"name": "Home page"}),
        ("placement.renamed", "Front page", {"name": "Home page"}, {"name": "Front page"}),
        ("placement.retired", "Front page", {}, {}),
        ("placement.restored", "Front page", {}, {}),
    ]


def test_what_stands_already_is_not_done_again(place):
    rename_placement(place, " Home page ", **HOW)
    restore_placement(place, **HOW)
    retire_placement(place, **HOW)
    retire_placement(place, **HOW)

    assert [act[0] for act in acts()] == ["placement.added", "placement.retired"]


def test_a_name_that_is_taken_is_refused(place):
    add_placement("Newsletter", **HOW)

    for act in (
        lambda: add_placement("home PAGE", **HOW),
        lambda: rename_placement(place, "newsletter", **HOW),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert refusal.value.field == "name"
    assert [one.name for one in list_placements()] == ["Home page", "Newsletter"]


def test_the_capitals_of_a_name_can_be_changed(place):
    rename_placement(place, "HOME PAGE", **HOW)

    assert list_placements()[0].name == "HOME PAGE"


@pytest.mark.parametrize(
    "act",
    [
        lambda: rename_placement(99, "x", **HOW),
        lambda: retire_placement(99, **HOW),
        lambda: restore_placement(99, **HOW),
    ],
)
def test_a_place_that_there_is_not_is_not_found(services, act):
    with pytest.raises(NotFound):
        act()
