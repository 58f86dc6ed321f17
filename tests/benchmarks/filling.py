"""Many ballots, quickly: through the ballot box, without HTTP."""

from datetime import UTC, datetime

from poll_app.domain.voters import Voter, new_token
from poll_app.domain.voting import Cast
from poll_app.services.ballot_box import MAX_BATCH
from poll_app.services.poll_views import get_poll
from tests.benchmarks.site import POLL, SECRET


def fill(site, count):
    """Casts that many ballots in the measured poll, each a fresh reader's."""
    now = datetime.now(UTC)
    with site.app.app_context():
        poll = get_poll(POLL, now=now)
        box = site.app.extensions["ballot_box"]

        def ballot(number):
            option = poll.options[number % len(poll.options)]
            key = Voter(new_token(), SECRET).key_in(poll.voter_salt)
            return Cast(poll.id, key, now, (option.id,), (None,))

        for start in range(0, count, MAX_BATCH):
            box.submit_all([ballot(n) for n in range(start, min(start + MAX_BATCH, count))])
    site.close()
