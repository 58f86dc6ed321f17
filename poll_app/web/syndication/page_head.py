"""What the head of a page tells machines: the card that other sites show of it, where its oEmbed
answer stands, and the question as data (schema.org).

None of it says more than the page: a result comes with its sentence and its note, and a question
that is still open is shown without figures, so that nobody sees them before voting who didn't ask.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, url_for
from flask_babel import gettext

from poll_app.domain.polls import is_over
from poll_app.domain.results import Result
from poll_app.services.articles import ArticleView
from poll_app.services.poll_views import PollView
from poll_app.web.language import iso, say
from poll_app.web.results import result_of
from poll_app.web.syndication.drawing import describe, describe_question


@dataclass(frozen=True)
class Head:
    """A page as other sites show it; `data` is JSON-LD, `image` may be missing."""

    title: str
    description: str
    url: str
    kind: str = "website"
    image: str | None = None
    image_alt: str = ""
    published: str | None = None
    data: dict[str, Any] | None = None
    oembed: dict[str, str] = field(default_factory=dict)


def init_app(app: Flask) -> None:
    """Gives templates the heads of pages."""
    app.add_template_global(poll_head)
    app.add_template_global(result_head)
    app.add_template_global(article_head)


def result_head(poll: PollView, result: Result, cited_at: str | None) -> Head:
    """The page of a result; `cited_at`: its address, if it is one of an earlier moment."""
    url = cited_at or absolute("results.results", poll.slug)
    return Head(
        title=poll.question,
        description=f"{say(result.sentence)} {say(result.note)}",
        url=url,
        image=_picture(result, as_of=cited_at is not None),
        image_alt=describe(result),
        data=_page(poll, url, result),
        oembed={} if cited_at else oembed_addresses(url),
    )


def poll_head(poll: PollView) -> Head:
    """The page of a question; once voting is over, with its result."""
    url = absolute("reader.poll", poll.slug)
    if is_over(poll.status):
        result = result_of(poll, datetime.now(UTC))
        description, alt = f"{say(result.sentence)} {say(result.note)}", describe(result)
        image = _picture(result)
    else:
        alt = describe_question(poll)
        description = f"{alt} {asks_readers()}"
        image = absolute("pictures.question_png", poll.slug)
    return Head(
        title=poll.question,
        description=description,
        url=url,
        image=image,
        image_alt=alt,
        data=_page(poll, url, None),
        oembed=oembed_addresses(url),
    )


def article_head(article: ArticleView, description: str) -> Head:
    """The page of an article, with the picture of its first question."""
    url = absolute("reader.article", article.slug)
    first = poll_head(article.polls[0]) if article.polls else None
    return Head(
        title=article.title,
        description=description,
        url=url,
        kind="article",
        image=first.image if first else None,
        image_alt=first.image_alt if first else "",
        published=iso(article.published_at) if article.published_at else None,
        oembed=oembed_addresses(url) if first else {},
    )


def asks_readers() -> str:
    """What a vote of readers is, where there are no figures yet."""
    return str(gettext("Reader votes: they show what the readers who chose to answer think."))


def absolute(endpoint: str, slug: str) -> str:
    """The whole address of a page about this thing."""
    public: str = current_app.extensions["settings"].public_url
    return public + url_for(endpoint, slug=slug)


def oembed_addresses(url: str) -> dict[str, str]:
    """Where the oEmbed answers for this page stand, by the type of link that names them."""
    public: str = current_app.extensions["settings"].public_url
    return {
        f"{kind}+oembed": f"{public}/oembed?{urlencode({'url': url, 'format': name})}"
        for kind, name in (("application/json", "json"), ("text/xml", "xml"))
    }


def _picture(result: Result, *, as_of: bool = False) -> str:
    """Its picture, under another address whenever the figures are others: other sites keep pictures
    for weeks. The picture itself is the current one, whatever stands there."""
    query = f"as_of={iso(result.as_of)}" if as_of else f"v={result.checksum.split(':')[1][:12]}"
    return f"{absolute('pictures.results_png', result.poll.slug)}?{query}"


def _page(poll: PollView, url: str, result: Result | None) -> dict[str, Any]:
    """The question as schema.org has it: the answers on offer, and how often each was chosen as far
    as the page shows that. None is marked as accepted: readers' votes don't make it true."""
    votes = {option.id: option.votes for option in result.options} if result else {}
    answers = []
    for option in poll.options:
        answer: dict[str, Any] = {"@type": "Answer", "text": option.label}
        if votes.get(option.id) is not None:
            answer["upvoteCount"] = votes[option.id]
        answers.append(answer)
    question: dict[str, Any] = {
        "@type": "Question",
        "name": poll.question,
        "text": poll.question,
        "suggestedAnswer": answers,
    }
    if poll.opens_at:
        question["dateCreated"] = iso(poll.opens_at)
    if result:
        question["answerCount"] = result.ballots
    page = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": poll.question,
        "url": url,
        "mainEntity": question,
    }
    if result:
        page["description"] = f"{say(result.sentence)} {say(result.note)}"
        page["dateModified"] = iso(result.as_of)
    return page
