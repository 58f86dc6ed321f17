"""Who may write and mark: a reader with a counted answer, whose post comes from our own pages."""

from __future__ import annotations

from flask import abort, render_template

from poll_app.domain.sentences import Sentence
from poll_app.domain.voters import Voter
from poll_app.services.poll_views import PollView
from poll_app.services.voting import find_own_answer
from poll_app.web.caching import private
from poll_app.web.gate import admit_voter, find_voter


def admit_writer(poll: PollView, action: Sentence) -> Voter:
    """The reader; aborts with a page that leads to the question for one who has not answered it.

    `action` is the label of the button for clients that have to confirm.
    """
    if not has_answered(poll, find_voter()):
        abort(private(render_template("discussion/vote_first.html", poll=poll), 422))
    return admit_voter(action)


def has_answered(poll: PollView, voter: Voter | None) -> bool:
    """Whether a ballot of this reader counts."""
    own = find_own_answer(poll, voter)
    return own is not None and not own.withdrawn
