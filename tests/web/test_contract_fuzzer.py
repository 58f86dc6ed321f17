"""A contract fuzzer makes up requests along the OpenAPI document, fitting and unfitting ones, and
compares what comes back with it.

The same requests every time; more of them with POLL_TEST_FUZZ=2000 (to each address).
"""

import os
from collections import Counter
from urllib.parse import unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

# Left out is positive_data_acceptance: a made-up cursor is a text like any other, and refused.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
REQUESTS = int(os.environ.get("POLL_TEST_FUZZ", "25"))
PATHS = [
    "/api/v1/polls",
    "/api/v1/polls/{slug}",
    "/api/v1/polls/{slug}/results",
    "/api/v1/polls/{slug}/details",
    "/api/v1/polls/{slug}/reasons",
    "/api/v1/articles/{slug}",
    "/api/v1/articles/{slug}/results",
    "/api/v1/articles/{slug}/comparison",
    "/api/v1/ledger",
    "/api/v1/openapi.json",
]


# Refusals of what doesn't fit; schemathesis does not think of a long address.
REFUSALS = {
    "checks": {"negative_data_rejection": {"expected-statuses": [400, 404, 405, 410, 414, 422]}}
}


@pytest.fixture(scope="module")
def described(filled):
    config = schemathesis.Config.from_dict(REFUSALS)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", filled, config=config)


@pytest.fixture(scope="module")
def known(filled):
    """What is there, by the name it is asked for with: the fuzzer would guess in vain."""
    first = filled.test_client().get("/api/v1/polls?limit=1").json
    polls = filled.test_client().get("/api/v1/polls").json["polls"]
    slugs = [poll["slug"] for poll in polls]
    return {
        "/api/v1/polls": slugs,
        "/api/v1/articles": ["what-lies-ahead", "stories", "withdrawn"],
        "poll": slugs,
        "cursor": [unquote(first["next"].partition("cursor=")[2])],
    }


def ask_for_what_is_there(case, known, data):
    """Puts names that exist into a request, more often than not."""
    there = {**known, "slug": known.get(case.path.partition("/{")[0])}
    for asked in (case.path_parameters, case.query):
        for name in set(asked or ()) & set(there):
            asked[name] = data.draw(st.sampled_from([*there[name], asked[name]]))


def test_every_address_is_tried(described):
    assert set(described) == set(PATHS)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", PATHS)
def test_no_request_gets_what_the_document_does_not_say(described, known, path, mode):
    answers = Counter()
    fitting = mode == GenerationMode.POSITIVE

    @given(case=described[path]["GET"].as_strategy(generation_mode=mode), data=st.data())
    @settings(max_examples=REQUESTS, derandomize=True, deadline=None, database=None,
              phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    def ask(case, data):
        if fitting:
            ask_for_what_is_there(case, known, data)
        answers[case.call_and_validate(checks=CHECKS).status_code] += 1

    if path == "/api/v1/openapi.json" and not fitting:
        return  # it takes whatever it is asked
    ask()

    assert answers[200] or not fitting
