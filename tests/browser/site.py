"""What the browser tests look at: polls in every state that looks different, and texts that strain."""

from datetime import UTC, datetime, timedelta

from poll_app.database import writing
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Cast, Peek
from poll_app.models import Article
from poll_app.services.articles import put_article
from poll_app.services.desk.article_comparing import let_compare
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from tests.web.acts import OPENED, fill, new_article, vote

LONG_WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
_WORDS = "An answer that an editor wrote at great length because every side of it seemed to matter "
LONG_LABELS = tuple(f"{n}. {_WORDS * 3}"[:200].strip() for n in range(1, 10))

_POLLS = {
    "votes-0": {},
    "votes-7": {},
    "votes-40": {},
    "to-vote": {},
    "several": {"options": ("Alpha", "Beta", "Gamma"), "method": "multiple", "max_choices": 2},
    "hidden": {"results_policy": "after_vote"},
    "closes-later": {
        "closes_at": datetime(2099, 1, 1, tzinfo=UTC),
        "results_policy": "after_close",
    },
    "over": {"closes_at": OPENED + timedelta(days=1)},
    "in-full": {"options": ("Yes", "No", "A little"), "closes_at": OPENED + timedelta(days=12)},
    "later": {"opens_at": datetime(2099, 1, 1, tzinfo=UTC)},
    "nine-long": {"options": LONG_LABELS},
    "long-words": {
        "options": (LONG_WORD, LONG_WORD[::-1].capitalize()),
        "question": f"{LONG_WORD} oder nicht?",
    },
}

PAGES = {
    "home": "/",
    "article": "/articles/what-lies-ahead",
    "single choice": "/polls/to-vote",
    "several choices": "/polls/several",
    "hidden until voted": "/polls/hidden",
    "closes later": "/polls/closes-later",
    "over": "/polls/over",
    "opens later": "/polls/later",
    "results of 0": "/polls/votes-0/results",
    "results of 7": "/polls/votes-7/results",
    "results of 40": "/polls/votes-40/results",
    "results with every part": "/polls/in-full/results",
    "results as of an hour": "/polls/in-full/results?as_of=2026-01-08T00:00:00Z",
    "results of an article": "/articles/arabic/results",
    "two questions compared": "/articles/compared/results?rows=compared-1&columns=compared-2",
    "method": "/method",
    "data for programs": "/api/docs",
    "hidden results": "/polls/hidden/results",
    "nine long options": "/polls/nine-long",
    "nine long results": "/polls/nine-long/results",
    "long words": "/polls/long-words",
    "long words' results": "/polls/long-words/results",
    "Arabic article": "/articles/arabic",
    "Arabic question": "/polls/arabic-1",
    "Arabic results": "/polls/arabic-1/results",
    "frame": "/embed/polls/to-vote",
    "light frame": "/embed/polls/several?theme=light",
    "dark frame": "/embed/polls/votes-40/results?theme=dark",
    "frame of 7": "/embed/polls/votes-7/results",
    "frame of nine long options": "/embed/polls/nine-long/results",
    "frame of long words": "/embed/polls/long-words/results",
    "frame in Arabic": "/embed/polls/arabic-1/results",
    "frame of what is over": "/embed/polls/over",
    "frame of an article": "/embed/articles/what-lies-ahead",
    "not found": "/nothing",
}


def fill_site(app):
    """Makes the polls and their votes."""
    polls = {}
    for slug, given in _POLLS.items():
        facts = dict(given)
        times = {
            "opens_at": facts.pop("opens_at", OPENED),
            "closes_at": facts.pop("closes_at", None),
        }
        question = facts.pop("question", f"Is the question {slug} a good one?")
        new = NewPoll(
            question, not_sure="Not sure", slug=slug, **{"options": ("Yes", "No"), **facts}
        )
        now = datetime.now(UTC)
        with app.app_context():
            add_poll(new, **times, now=now)
            polls[slug] = get_poll(slug, now=now)
    fill(app, polls["votes-7"], Yes=5, No=2)
    fill(app, polls["votes-40"], Yes=26, No=11, Not_sure=3)
    fill(app, polls["hidden"], Yes=3)
    fill_in_turn(app, polls["nine-long"], LONG_LABELS[:4], 12)
    fill_in_turn(app, polls["long-words"], [LONG_WORD], 12)
    fill_in_full(app, polls["in-full"])
    arabic = NewPoll(
        "هل ينبغي للحلف أن يغير موقفه؟",
        options=("نعم، الآن", "لا"),
        not_sure="لست متأكدا",
        slug="arabic-1",
    )
    (poll,) = new_article(
        app, arabic, slug="arabic", title="ما الذي ينتظر الحلف؟", language="ar", body="نص قصير (بالعربية).",
    )  # fmt: skip
    fill_in_turn(app, poll, ["نعم، الآن", "لا"], 11)
    fill_compared(app)


def fill_in_turn(app, poll, labels, count):
    """So many readers vote for these options in turn."""
    for n in range(count):
        # As a browser on the site's own pages; the plain test client sends no origin.
        assert vote(app.test_client(), poll, labels[n % len(labels)]).status_code == 303


def fill_compared(app):
    """Two questions of an article that may be compared, with answers of whole sentences."""
    with app.app_context():
        with writing() as session:
            compared = Article(title="Compared")
            put_article(session, compared, slug="compared", publish=True, now=OPENED)
        let_compare("compared", compared=True, by=COMMAND_LINE, now=OPENED)
        for n in (1, 2):
            options = tuple(
                f"{label}, as {_WORDS[:60].lower()}" for label in ("Yes", "No", "Later")
            )
            new = NewPoll(f"Is the comparison {n} one?", options=options, slug=f"compared-{n}")
            add_poll(new, article_slug="compared", opens_at=OPENED, now=OPENED)
            poll = get_poll(f"compared-{n}", now=datetime.now(UTC))
            acts = [
                Cast(
                    poll.id, Voter(f"reader {reader}", "secret").key_in(poll.voter_salt),
                    OPENED, (poll.options[reader // n % 3].id,), (None,),
                )
                for reader in range(180)
            ]  # fmt: skip
            app.extensions["ballot_box"].submit_all(acts)


def fill_in_full(app, poll):
    """Enough ballots of every kind for every part of a results page."""
    ids = [option.id for option in poll.options]

    def key(number):
        return Voter(f"reader {number}", "secret").key_in(poll.voter_salt)

    acts = [Peek(poll.id, key(n), OPENED) for n in range(60)]
    for n in range(260):
        at = OPENED + timedelta(days=n % 10, hours=n % 5)
        acts.append(Cast(poll.id, key(n), at, (ids[n % 7 % 4],), (1 + n % 3,)))
    late = OPENED + timedelta(days=10)
    acts += [Cast(poll.id, key(n), late, (ids[1],), (None,)) for n in range(1000, 1100)]
    acts += [Cast(poll.id, key(n), late, (ids[2],), (None,)) for n in range(0, 60, 2)]
    with app.app_context():
        for start in range(0, len(acts), 256):
            app.extensions["ballot_box"].submit_all(acts[start : start + 256])
