"""Writing a reason or a reply, editing, deleting: on every database."""

import pytest

from poll_app.services.discussion.own import find_own_part
from poll_app.services.discussion.queue import list_queue
from tests.services.discussion.readers import NOW, new_poll, publish, reader, shown, wrote
from tests.services.people.persons import put


@pytest.fixture
def ada(services):
    return put("Ada Byron", "moderator")


@pytest.fixture
def poll(services):
    return new_poll()


def test_a_reason_waits_for_a_moderator_and_is_then_shown(services, poll, ada):
    anna = reader("anna")

    written = wrote(services, poll, anna, "Yes", name="Anna")

    assert (written.state, written.codes) == ("held", ("new_writer",))
    assert shown(poll, "Yes") == ()
    assert find_own_part(poll, anna, now=NOW).reason.state == "held"
    (waiting,) = list_queue(now=NOW).reasons
    assert waiting.position.labels == ("Yes",)
    publish(written.id, by=ada)
    (view,) = shown(poll, "Yes")
    assert view.name == "Anna"
