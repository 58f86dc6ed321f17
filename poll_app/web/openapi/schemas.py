"""What the public JSON holds: polls, results, articles, the ledger, problems."""

from __future__ import annotations

from typing import get_args

from poll_app.domain.polls import METHODS, RESULTS_POLICIES, Status
from poll_app.domain.statistics import Order
from poll_app.web.openapi.details import DETAILS
from poll_app.web.openapi.reasons import REASONS
from poll_app.web.openapi.shapes import (
    Schema,
    address,
    count,
    day,
    flag,
    may_miss,
    moment,
    number,
    obj,
    one_of,
    or_null,
    percent,
    ref,
    several,
    text,
)

_PUBLIC_STATUSES = tuple(status for status in get_args(Status) if status != "draft")

_NAMED = {
    "id": count("The number of the option, the same for ever", 1),
    "label": text("Its words"),
    "not_sure": flag("Whether it is “Not sure”, which is the last one"),
}
_FACTS = {
    "slug": text("The name in addresses"),
    "url": address("The page of the question"),
    "question": text("The question as readers see it"),
    "method": one_of(METHODS, "Whether a reader chooses one option or several"),
    "status": one_of(_PUBLIC_STATUSES, "What can be done now; resolved: closed, with an outcome"),
    "opens_at": moment("The first moment of voting"),
    "closes_at": or_null(moment("The first moment after voting; null while none is set")),
    "wording_version": count("1, and one more with every change of meaning", 1),
    "simulated": flag("Whether ballots were made up by a program"),
}
_FIGURES = {
    "poll": obj("The question", **_FACTS),
    "as_of": moment("The time that the figures are of"),
    "visible": flag("Whether figures are shown; if not, options carry none"),
    "ballots": count("Ballots that count"),
    "set_aside": count("Ballots kept and told, but not counted"),
    "options": several(ref("OptionResult"), "In the editor’s order"),
    "order": one_of(get_args(Order), "Whether an answer is ahead, by enough to say so"),
    "sentence": text("The result in a sentence; says no more than the figures do"),
    "note": text("Who answered. To be shown beside every figure"),
    "tipping_ratio": or_null(
        number("How much keener one side would have to be for both to be even; null if not told")
    ),
    "checksum": text("SHA-256 of the figures", pattern="^sha256:[0-9a-f]{64}$"),
    "peeks": or_null(count("How many looked without voting; null with as_of")),
    "as_of_url": or_null(
        address("Where the newest figures stand that never change; null before there are any")
    ),
}
_STORY = {
    "corrections": several(
        obj(
            "A typing mistake put right",
            at=moment("When"),
            changes=several(
                obj("A text", before=text("What stood there"), after=text("What stands there")),
                "What was corrected",
            ),
        ),
        "Oldest first",
    ),
    "reopenings": several(
        obj(
            "Voting opened again",
            closed_at=moment("When it had closed"),
            at=moment("When it was opened again"),
            reason=text("Why"),
        ),
        "Oldest first",
    ),
    "outcome": or_null(
        obj(
            "What came of it",
            text=text("In words"),
            option=or_null(text("The label of the option that came true, if one did")),
            happened_on=day("When it was clear"),
            source=text("By whose word"),
            source_url=or_null(address("Where that can be read")),
            recorded_at=moment("When an editor wrote it down"),
        )
    ),
    "surveys": several(
        obj(
            "A survey that somebody else made, never mixed with the votes",
            institute=text("Who asked"),
            population=text("Whom it stands for"),
            question=text("What was asked"),
            people=count("How many answered", 1),
            asked_from=day("First day"),
            asked_to=day("Last day"),
            shares=several(
                obj("An answer", answer=text("Its words"), percent=percent("Its share")),
                "As the institute told them",
            ),
            url=or_null(address("Where it was published")),
        ),
        "Shown beside the result",
    ),
    "history": several(
        obj(
            "A public act of an editor",
            at=moment("When"),
            act=text("What, as in the ledger"),
            reason=or_null(text("Why, if it was said to readers")),
        ),
        "Oldest first",
    ),
    "earlier_wordings": several(ref("Result"), "Each with ballots of its own, newest first"),
}
_ARTICLE = {
    "slug": text("The name in addresses"),
    "url": address("The page of the article"),
    "title": text("Its headline"),
    "standfirst": text("The sentence below the headline; may be empty"),
    "source": text("Where it comes from; may be empty"),
    "published_at": moment("When it was published"),
}
_PAGED = or_null(address("The address of the next page; null on the last one"))
_STATE = {"type": "object", "description": "Fields and what stood in them"}

SCHEMAS: dict[str, Schema] = {
    "Poll": obj(
        "A question without figures",
        **_FACTS,
        min_choices=count("How many options a ballot has to hold", 1),
        max_choices=count("How many it can hold", 1),
        results_policy=one_of(RESULTS_POLICIES, "When figures are shown"),
        article=or_null(text("The slug of its article")),
        options=several(obj("An option", **_NAMED), "In the editor’s order"),
    ),
    "Polls": obj("A page of questions", polls=several(ref("Poll"), "Questions"), next=_PAGED),
    "OptionResult": may_miss(
        obj(
            "An option; without votes and percentages while figures are hidden",
            **_NAMED,
            votes=count("Ballots that hold it"),
            percent=or_null(percent("Their share, rounded; null while there are few ballots")),
            percent_label=or_null(text("The share to show, such as “<1%”")),
        ),
        "votes", "percent", "percent_label",
    ),
    "Result": obj(
        "The figures of a question", **_FIGURES, details_url=address("What is known beyond them")
    ),
    "CurrentResult": obj(
        "The figures of a question, and what has become of it beside its votes",
        **_FIGURES,
        details_url=address("What is known beyond the figures"),
        **_STORY,
    ),
    "Details": DETAILS,
    **REASONS,
    "Article": obj("An article", **_ARTICLE, polls=several(ref("Poll"), "Its questions, in order")),
    "ArticleResults": obj(
        "The results of an article",
        article=obj("The article", **_ARTICLE),
        as_of=moment("The time that the figures are of"),
        results=several(ref("CurrentResult"), "Of each question that was opened, in order"),
    ),
    "Ledger": obj(
        "A page of the ledger",
        acts=several(ref("Act"), "Newest first"),
        next=_PAGED,
        older=or_null(address("The same as next")),
    ),
    "Act": obj(
        "What an editor did that touches a result",
        number=count("Grows with every act; numbers between belong to acts that touch none", 1),
        hour=moment("The full hour in which it was done"),
        act=text("What was done, such as poll.closed"),
        what=text("The same in words"),
        subject=text("What it was done to"),
        poll=or_null(
            obj("The question", slug=text("Its slug"), url=address("Its page, as it is now"))
        ),
        before=_STATE,
        after=_STATE,
        reason=or_null(text("Why, if it was said to readers")),
    ),
    "Problem": obj(
        "Why there is no answer (RFC 9457)",
        type=text("Always about:blank: the status says what kind it is"),
        title=text("The problem in a few words"),
        status={**count("The HTTP status", 400), "maximum": 599},
        detail=text("A sentence to read"),
    ),
}  # fmt: skip
