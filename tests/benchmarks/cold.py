"""The product with its memory switched off, so that every request is the one that finds nothing."""

from collections import OrderedDict

from poll_app import create_app
from poll_app.web import front


def grown_old():
    """Every copy in front is too old at once: each request asks whether it still stands."""
    front.FRESH_S = -1.0
    return front.Front(create_app())


def forgetful():
    """No text of a page is kept: each request that gets past the front reads the tallies and makes
    its page anew."""
    app = create_app()
    app.extensions["rendered"] = _Nothing()
    return front.Front(app)


class _Nothing(OrderedDict):
    def __setitem__(self, key, value):
        pass
