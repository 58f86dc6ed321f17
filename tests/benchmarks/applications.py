"""What is measured against what: the product, and two yardsticks under the same server.

`product` is the product with two more routes: `/bench/orm/<slug>`, which stores a ballot as a
tutorial would (one ORM session and commit a request), and none that changes what it does itself.
`noop` is an empty Flask application: what the server and Flask cost by themselves.
"""

from datetime import UTC, datetime

from flask import Flask, jsonify, redirect, request

from poll_app import create_app
from poll_app.database import db
from poll_app.domain.sentences import sentence
from poll_app.domain.voting import parse_option_ids
from poll_app.models import Ballot, Choice, Tally, Turnout
from poll_app.services.poll_views import get_poll
from poll_app.web.gate import admit_voter
from poll_app.wsgi import ready


def product():
    """The product, and beside it one commit per request."""
    app = create_app()

    @app.post("/bench/orm/<slug>")
    def orm_vote(slug):
        now = datetime.now(UTC)
        poll = get_poll(slug, now=now)
        option_ids = parse_option_ids(request.form.getlist("option"))
        voter = admit_voter(sentence("Vote"))
        key = voter.key_in(poll.voter_salt)
        hour = now.replace(minute=0, second=0, microsecond=0)
        db.session.rollback()
        if db.engine.dialect.name == "sqlite":
            db.session.connection(execution_options={"poll_app_begin": "BEGIN IMMEDIATE"})
        ballot = Ballot(
            poll_id=poll.id, voter_key=key, state="counted", revision=1, hour=hour, peeked=False
        )
        db.session.add(ballot)
        db.session.flush()
        for option_id in option_ids:
            db.session.add(
                Choice(poll_id=poll.id, voter_key=key, option_id=option_id, position=None)
            )
            tally = db.session.get(Tally, (poll.id, option_id), with_for_update=True)
            tally.votes = Tally.votes + 1
        turnout = db.session.get(Turnout, poll.id, with_for_update=True)
        turnout.ballots = Turnout.ballots + 1
        db.session.commit()
        return redirect(f"/polls/{slug}/results", 303)

    return ready(app)


def noop():
    """An empty Flask application."""
    app = Flask("noop")

    @app.post("/vote")
    def vote():
        request.form.get("option")
        return redirect("/results", 303)

    @app.get("/json")
    def json():
        return jsonify({"ballots": 1204, "options": [{"id": 1, "label": "Yes", "votes": 746}]})

    return app
