"""Texts of readers for the pages of moderators: written, reported, decided through the services."""

from datetime import UTC, datetime

from poll_app.services.discussion.reports import report_reason
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from tests.services.discussion.readers import publish, reader, replied, wrote
from tests.services.people.persons import put
from tests.web.acts import OPENED

QUEUE = "/editor/moderation"
LONG = "The bridge carries the only road to the school, and the detour takes an hour each way."


def now():
    return datetime.now(UTC)


class Texts:
    """Makes texts on one application."""

    def __init__(self, app):
        self.app = app
        self.people = 0

    def poll(self, question="Should the bridge close?", options=("Yes", "No"), **facts):
        with self.app.app_context():
            new = NewPoll(question, options=options, not_sure="Not sure", **facts)
            return get_poll(add_poll(new, opens_at=OPENED, now=now()), now=now())

    def held(self, poll, label="Yes", words=LONG, *, name="", at=None, who=None):
        """The number of a text that waits."""
        self.people += 1
        voter = reader(who or f"reader {self.people}")
        with self.app.app_context():
            return wrote(self.app, poll, voter, label, words, name=name, now=at or now()).id

    def published(self, poll, label="Yes", words=LONG, **facts):
        """The number of one that readers see."""
        number = self.held(poll, label, words, **facts)
        with self.app.app_context():
            publish(number, by=self._somebody(), now=now())
        return number

    def reply(self, number, words="But the ferry runs every ten minutes in summer.", *, who):
        with self.app.app_context():
            return replied(number, reader(who), words, now=now()).id

    def report(self, number, *codes):
        with self.app.app_context():
            for code in codes:
                self.people += 1
                report_reason(number, reader(f"reporter {self.people}"), code, now=now())

    def _somebody(self):
        self.people += 1
        return put(f"Somebody{self.people}", "moderator")
