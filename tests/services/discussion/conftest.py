"""A question that is discussed, and somebody who moderates it."""

import pytest

from tests.services.discussion.readers import new_poll
from tests.services.people.persons import put


@pytest.fixture
def ada(services):
    return put("Ada Byron", "moderator")


@pytest.fixture
def grace(services):
    return put("Grace Hopper", "moderator")


@pytest.fixture
def poll(services):
    return new_poll()
