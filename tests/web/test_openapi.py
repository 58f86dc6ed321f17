"""The OpenAPI document: valid by an independent validator, complete, and true of every answer."""

import copy
import re
import shlex
import shutil
import socket
import subprocess

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.web.acts import element, serving, words
from tests.web.filled import public_addresses


def closed(schema):
    """The same schema, in which an object may hold no name that is not described."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    more = {name: closed(one) for name, one in schema.items()}
    return more | (
        {"additionalProperties": False} if "required" in schema and "properties" in schema else {}
    )


@pytest.fixture(scope="module")
def document(filled):
    return filled.test_client().get("/api/v1/openapi.json").json


def operation_of(document, address):
    """What the document says of the address of an answer."""
    path = address.partition("?")[0]
    for pattern, methods in document["paths"].items():
        if re.fullmatch(pattern.replace("{slug}", "[a-z0-9-]+"), path):
            return methods["get"]
    raise AssertionError(f"{address} is not described")


def test_an_independent_validator_takes_it(document):
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert document["openapi"].startswith("3.1")


def test_every_address_of_the_public_json_stands_in_it(filled, document):
    rules = {re.sub(r"<(\w+)>", r"{\1}", rule.rule) for rule in filled.url_map.iter_rules()
             if rule.rule.startswith("/api/v1/")}  # fmt: skip

    assert set(document["paths"]) == rules
    assert all(methods["get"]["summary"] for methods in document["paths"].values())


def test_every_answer_is_what_it_says_to_the_last_name(filled, document):
    strict = closed(copy.deepcopy(document))
    client, addresses = filled.test_client(), public_addresses(filled)
    assert len(addresses) > 50

    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), address
        said = operation_of(strict, address)["responses"]["200"]
        schema = {
            **said["content"]["application/json"]["schema"],
            "components": strict["components"],
        }
        found = OAS31Validator(schema, format_checker=OAS31Validator.FORMAT_CHECKER).iter_errors(
            answer.json
        )
        assert [error.message for error in found] == [], address
        for header in said["headers"]:
            assert header in answer.headers or header == "Link"


def objects_in(value):
    """Every object in a JSON value, at whatever depth."""
    if isinstance(value, dict):
        yield value
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inside:
        yield from objects_in(one)


def test_every_name_that_is_described_is_held_by_some_answer(filled, document):
    """Else it could be described wrongly and nobody would notice."""
    client = filled.test_client()
    answers = [client.get(path).json for path in [*public_addresses(filled), "/api/v1/none"]]

    held = {
        name
        for one in objects_in(answers)
        for name, value in one.items()
        if value not in (None, [], {})
    }
    shapes = objects_in(document["components"]["schemas"])
    described = {name for shape in shapes for name in shape.get("properties", {})}
    assert described - held == set()


def test_a_name_that_is_not_described_would_be_found(filled, document):
    lacking = closed(copy.deepcopy(document["components"]))
    del lacking["schemas"]["Result"]["properties"]["peeks"]
    answer = filled.test_client().get("/api/v1/polls/votes-7/results?as_of=2026-01-08T00:00:00Z")

    checker = OAS31Validator({"$ref": "#/components/schemas/Result", "components": lacking})
    assert not checker.is_valid(answer.json)


@pytest.mark.parametrize("path", ["polls/none", "polls?limit=x", "articles/withdrawn", "polls/votes-7/results?as_of=2999-01-01T00:00:00Z",
                                  "ledger?" + "x" * 3_000])  # fmt: skip
def test_every_refusal_is_described_and_has_the_shape_of_a_problem(filled, document, path):
    answer = filled.test_client().get(f"/api/v1/{path}")

    said = operation_of(document, f"/api/v1/{path}")["responses"][str(answer.status_code)]
    assert (
        answer.mimetype
        in document["components"]["responses"][said["$ref"].rpartition("/")[2]]["content"]
    )
    OAS31Validator(closed(document["components"]["schemas"]["Problem"])).validate(answer.json)


def test_every_answer_is_304_to_who_has_it(filled):
    client = filled.test_client()

    for address in public_addresses(filled):
        tag = client.get(address).headers["ETag"]
        again = client.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag), address


def test_the_page_lists_every_address_and_every_field(filled, document):
    page = filled.test_client().get("/api/docs")

    told = words(page)
    for path in document["paths"]:
        assert f"GET {path}" in told
    for schema in document["components"]["schemas"].values():
        assert [name for name in schema["properties"] if name not in told] == []
    assert page.headers["Cache-Control"].startswith("public")
    assert element(page, href="/api/v1/openapi.json") is not None


def test_the_page_of_a_site_without_questions_says_what_to_put_in(client):
    page = client.get("/api/docs")

    assert "put the slug of one in the place of SLUG" in words(page)
    assert "/api/v1/polls/SLUG/results" in page.text


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl here")
def test_the_commands_on_the_page_work(make_app, new_poll, tmp_path):
    new_poll("Is it so?", slug="is-it-so")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = make_app(POLL_PUBLIC_URL=f"http://127.0.0.1:{port}")
    page = app.test_client().get("/api/docs").text
    commands = [
        shlex.split(line.replace("&#39;", "'"))
        for line in re.findall(r"<code>(curl .+?)</code>", page)
    ]
    assert len(commands) > 8
    with serving(app, port):
        for command in [*commands, commands[0]]:
            if "SLUG" in command[-1]:  # no article
                continue
            ran = subprocess.run(
                [*command, "-sSf", "-w", "%{http_code}"],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert (ran.returncode, ran.stdout[-3:]) == (
                0,
                "304" if command is commands[0] and (tmp_path / "asked").exists() else "200",
            ), command
            if command is commands[0]:
                (tmp_path / "asked").touch()
