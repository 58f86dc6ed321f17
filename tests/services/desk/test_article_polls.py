"""Which questions stand on an article and in which order, on every database."""

import pytest

from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.article_text import ArticleText
from poll_app.domain.refusals import NotFound, Refusal
from poll_app.services.desk.article_polls import move_poll, place_poll, take_off_poll
from poll_app.services.desk.article_views import get_desk_article, list_loose_polls
from poll_app.services.desk.articles import add_article
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from tests.services.desk.test_articles import NOW, acts

pytestmark = pytest.mark.usefixtures("services")

WHO = {"by": COMMAND_LINE, "now": NOW}


@pytest.fixture
def slug(services):
    """An article with three questions: a, b, c."""
    made = add_article(ArticleText("A headline"), **WHO)
    for name in "abc":
        add(name, article_slug=made)
    return made


def add(name, *, opens_at=None, **details):
    return add_poll(
        NewPoll(f"{name}?", options=("Yes", "No"), slug=name), opens_at=opens_at, now=NOW, **details
    )


def order(slug):
    return "".join(poll.view.slug for poll in get_desk_article(slug, now=NOW).polls)


@pytest.mark.parametrize(
    ("poll", "direction", "becomes"),
    [
        ("a", "down", "bac"),
        ("c", "up", "acb"),
        ("b", "up", "bac"),
        ("a", "up", "abc"),
        ("c", "down", "abc"),
    ],
)
def test_a_question_moves_by_one_place_and_stops_at_the_ends(slug, poll, direction, becomes):
    move_poll(slug, poll, direction, **WHO)

    assert order(slug) == becomes


def test_a_move_is_recorded_with_both_places(slug):
    move_poll(slug, "c", "up", **WHO)

    assert acts()[-1] == ("poll.moved", "c?", {"place": 3}, {"place": 2}, "")


def test_a_move_disturbs_nobody_who_edits_the_question(slug):
    def revisions():
        return {
            poll.view.slug: poll.view.revision for poll in get_desk_article(slug, now=NOW).polls
        }

    before = revisions()

    move_poll(slug, "c", "up", **WHO)

    assert revisions() == before


def test_a_question_that_stands_nowhere_can_be_put_at_the_end(slug):
    add("d", opens_at=NOW)
    assert [poll.slug for poll in list_loose_polls(now=NOW)] == ["d"]

    assert place_poll(slug, "d", **WHO) == "d?"

    assert order(slug) == "abcd"
    assert list_loose_polls(now=NOW) == []
    assert acts()[-1][2:4] == ({"article": None}, {"article": slug})


def test_the_first_question_of_an_article_can_be_one_that_exists(services):
    made = add_article(ArticleText("Bare"), **WHO)
    add("d")

    place_poll(made, "d", **WHO)

    assert order(made) == "d"


def test_a_question_is_taken_off_one_article_before_it_is_put_on_another(slug):
    other = add_article(ArticleText("Another"), **WHO)

    with pytest.raises(Refusal, match="take it off there first") as refused:
        place_poll(other, "b", **WHO)
    assert refused.value.field == "poll"

    assert take_off_poll(slug, "b", **WHO) == "b?"
    place_poll(other, "b", **WHO)

    assert (order(slug), order(other)) == ("ac", "b")


def test_a_question_that_is_taken_off_goes_on_at_its_own_address(slug):
    add("d", opens_at=NOW, article_slug=slug)

    take_off_poll(slug, "d", **WHO)

    assert get_poll("d", now=NOW).status == "open"
    assert acts()[-1][2:4] == ({"article": slug}, {"article": None})


@pytest.mark.parametrize("poll", ["unknown", "", "no slug\0", "elsewhere"])
def test_a_question_that_is_not_there_is_not_found(slug, poll):
    add("elsewhere")

    with pytest.raises(NotFound):
        move_poll(slug, poll, "up", **WHO)
    with pytest.raises(NotFound):
        take_off_poll(slug, poll, **WHO)
    if poll != "elsewhere":
        with pytest.raises(NotFound):
            place_poll(slug, poll, **WHO)
