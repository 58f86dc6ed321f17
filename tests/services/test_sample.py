"""The sample article: there on a fresh installation, never beside an editor's own."""

from datetime import UTC, datetime

import pytest

from poll_app.domain.importing import read_article
from poll_app.services.articles import get_article
from poll_app.services.desk.imports import store_import
from poll_app.services.poll_views import list_polls
from poll_app.services.sample import SLUG, load_sample

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("services")


def test_a_fresh_installation_gets_the_article_with_its_three_open_questions():
    assert load_sample(now=NOW)

    article = get_article(SLUG, now=NOW)
    assert [poll.status for poll in article.polls] == ["open"] * 3
    assert [poll.method for poll in article.polls] == ["single", "multiple", "single"]
    assert all(poll.options[-1].not_sure for poll in article.polls)


def test_it_is_loaded_once():
    load_sample(now=NOW)

    assert not load_sample(now=NOW)
    assert len(list_polls(now=NOW)) == 3


def test_an_installation_that_has_an_article_is_left_alone():
    store_import(read_article(b"# Own\n\nWords.", filename="own.md"), now=NOW)

    assert not load_sample(now=NOW)
    assert list_polls(now=NOW, drafts=True) == []
