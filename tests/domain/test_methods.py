"""Every method and every way of showing results is described for the desk."""

from poll_app.domain.methods import METHOD_FACTS, POLICY_FACTS, takes_several
from poll_app.domain.polls import METHODS, RESULTS_POLICIES


def test_the_desk_can_offer_whatever_a_poll_can_be():
    assert tuple(METHOD_FACTS) == METHODS
    assert tuple(POLICY_FACTS) == RESULTS_POLICIES


def test_only_some_methods_ask_how_many_may_be_chosen():
    assert [takes_several(method) for method in (*METHODS, "unknown")] == [False, True, False]
