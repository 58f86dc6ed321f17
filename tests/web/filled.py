"""An application with a question in every state and every story that the public data can tell."""

import shutil
from datetime import UTC, date, datetime, timedelta

from poll_app import create_app
from poll_app.domain.accounts import COMMAND_LINE
from poll_app.domain.outcomes import OutcomeFacts, SurveyFacts
from poll_app.domain.wording import Wording
from poll_app.services.desk.outcomes import add_survey, record_outcome
from poll_app.services.desk.poll_times import close_now, reopen
from poll_app.services.desk.wording import correct_wording, reword
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll
from poll_app.services.sample import load_sample
from tests.browser.site import fill_site
from tests.conftest import settings_for
from tests.inspecting_client import InspectingClient
from tests.web.acts import OPENED, change, fill, new_article, vote
from tests.web.discussion.talkers import discussed, give_reply, made, reader_of, said

SURVEY = SurveyFacts(
    institute="Institute", population="Adults", question="Do you agree?", people=1_000,
    asked_from=date(2026, 1, 1), asked_to=date(2026, 1, 5), shares=(("Yes", 41), ("No", 59)),
    url="https://institute.example/",
)  # fmt: skip
STORY = ("told", "resolved", "reworded")


def filled_app(migrated_sqlite, folder, **changes):
    """The application; `told`, `resolved` and `reworded` are questions with a story."""
    shutil.copy(migrated_sqlite, folder / "poll_app.sqlite")
    app = create_app(settings_for(folder, **changes))
    app.test_client_class = InspectingClient
    with app.app_context():
        load_sample(now=datetime.now(UTC))
    fill_site(app)
    new = [NewPoll(f"Is it {slug}?", options=("Yes", "No"), slug=slug) for slug in STORY]
    for poll in new_article(app, *new, slug="stories", title="Stories"):
        fill(app, poll, Yes=12, No=3)
    new_article(app, slug="withdrawn", title="Withdrawn")
    change(app, "UPDATE articles SET withdrawn_at = '2026-01-02' WHERE slug = 'withdrawn'")
    with app.app_context():
        _tell_stories()
    _talk(app)
    return app


def _talk(app):
    """A question whose readers say why: a reply, a mark, an answer changed since."""
    (poll,) = discussed(app, NewPoll("Why?", options=("Yes", "No"), slug="talked"), slug="talk")
    writer, reason_id = said(app, poll, "Yes", name="Ana")
    other = reader_of(app, poll, "No")
    other.post(f"/reasons/{reason_id}/fair-point")
    give_reply(app, other, reason_id, "A reply to what was said.")
    data = {"text": "Because of the floods.", "made": made(app, f"edit {reason_id}")}
    writer.post(f"/reasons/{reason_id}/edit", data=data)
    vote(writer, poll, "No")


def _tell_stories():
    now, today = datetime.now(UTC), datetime.now(UTC).date()

    def act(do, slug, *args, **more):
        poll = get_poll(slug, now=datetime.now(UTC))
        do(slug, *args, revision=poll.revision[1], by=COMMAND_LINE, now=now, **more)

    act(add_survey, "told", SURVEY, today=today)
    labels = tuple(option.label for option in get_poll("told", now=now).options)
    act(correct_wording, "told", Wording("Is it tolld?", labels))
    for slug in ("told", "resolved"):
        close_now(slug, by=COMMAND_LINE, now=now)
    act(reopen, "told", closes_at=None, reason="It goes on.")
    option = get_poll("resolved", now=now).options[0].id
    outcome = OutcomeFacts(
        text="It was so.", option_id=option, happened_on=today - timedelta(days=1),
        source="The office", source_url="https://office.example/",
    )  # fmt: skip
    later = now + timedelta(seconds=1)
    record_outcome(
        "resolved", outcome, revision=get_poll("resolved", now=later).revision[1],
        by=COMMAND_LINE, now=later, today=today,
    )  # fmt: skip
    again = NewPoll("Is it reworded now?", options=("Yes", "No"), not_sure="Not sure")
    act(reword, "reworded", again, reason="It meant two things.")


def public_addresses(app):
    """The path of every page, and every address of data, of the filled application."""
    client = app.test_client()
    polls = client.get("/api/v1/polls").json["polls"]
    articles = sorted({poll["article"] for poll in polls if poll["article"]})
    as_of = (OPENED + timedelta(days=7)).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = [
        "polls",
        "polls?limit=2",
        "ledger",
        "ledger?limit=2",
        "ledger?poll=reworded",
        "openapi.json",
    ]
    data += [
        f"articles/{slug}{end}" for slug in articles for end in ("", "/results", "/comparison")
    ]
    for poll in polls:
        own = f"polls/{poll['slug']}"
        data += [
            own,
            f"{own}/reasons",
            f"{own}/reasons?limit=1",
            f"{own}/results",
            f"{own}/details",
            f"{own}/results?as_of={as_of}",
        ]
    return [f"/api/v1/{path}" for path in data]
