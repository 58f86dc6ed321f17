"""The sample article: what a fresh installation shows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from poll_app.database import writing
from poll_app.models import Article
from poll_app.services.articles import put_article
from poll_app.services.polls import NewPoll, put_poll

SLUG = "what-lies-ahead"

_POLLS = (
    NewPoll(
        "Will NATO abandon its cautious approach and deploy troops?",
        options=("Yes", "No"),
        not_sure="Not sure",
        slug="nato-troops",
    ),
    NewPoll(
        "How will the Trump administration influence NATO's decisions?",
        options=(
            "Less U.S. involvement in the alliance",
            "More pressure to meet defence spending targets",
            "Europe carries more of the burden",
            "No real change",
        ),
        not_sure="Not sure",
        method="multiple",
        slug="trump-nato-decisions",
    ),
    NewPoll(
        "Can Ukraine achieve NATO membership amid the ongoing war?",
        options=("Yes", "Not before the war ends", "No"),
        not_sure="Not sure",
        slug="ukraine-membership",
    ),
)


def load_sample(*, now: datetime) -> bool:
    """Stores the sample article with its three open polls if there is no article at all.

    Returns whether it did.
    """
    with writing() as session:
        if session.scalar(select(Article.id).limit(1)) is not None:
            return False
        article = put_article(
            session,
            Article(
                title="What lies ahead for NATO’s role in Ukraine?",
                standfirst=(
                    "Paris and London are talking again about sending soldiers, Washington is "
                    "about to change hands, and Kyiv still wants a seat in the alliance. "
                    "Three questions are open, and this page asks them of you."
                ),
                source="Military Technology News Live",
                discussion_prompt=(
                    "Should the alliance act more decisively, or is a cautious path the better one?"
                ),
                language="en",
                discussion_opens_at=now,
            ),
            slug=SLUG,
            publish=True,
            now=now,
        )
        for new in _POLLS:
            put_poll(session, new, article=article, opens_at=now, now=now)
        return True
