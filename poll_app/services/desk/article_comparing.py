"""Whether answers to the questions of an article may be compared: chosen before the first opens."""

from __future__ import annotations

from datetime import datetime

from poll_app.database import writing
from poll_app.domain.accounts import Person
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import new_salt
from poll_app.services.comparing import follow_article, has_opened
from poll_app.services.desk.articles import locked_article
from poll_app.services.record import record


def let_compare(slug: str, *, compared: bool, by: Person, now: datetime) -> None:
    """Lets answers to its questions be compared, or keeps them apart as by default.

    Raises NotFound, and Refusal once one of its questions has opened: its readers were told
    otherwise, and their ballots are filed accordingly.
    """
    with writing() as session:
        article = locked_article(session, slug)
        if compared == (article.voter_salt is not None):
            return
        if any(has_opened(poll, now) for poll in article.polls):
            raise Refusal(
                sentence(
                    "A question of this article has opened. What its readers were told about "
                    "comparing answers can’t be changed any more."
                ),
                field="compared",
            )
        article.voter_salt = new_salt() if compared else None
        for poll in article.polls:
            follow_article(poll, article, now=now)
        act = "article.compared" if compared else "article.kept_apart"
        record(session, act, by=by, now=now, on=article)
