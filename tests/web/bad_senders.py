"""How a bad input is sent, by a browser or a text browser, and what must hold after each."""

import base64
from datetime import UTC, datetime, timedelta

import time_machine
from werkzeug.datastructures import MultiDict

from tests.conftest import SECRET
from tests.web.acts import ballots, fields_of
from tests.web.bad_inputs import filled, our_path
from tests.web.test_errors import is_discreet
from tests.web.test_security import EVERYWHERE


def reader(site, slots):
    """A client that holds a voter's cookie and has done nothing with it."""
    client = site.test_client()
    assert client.post("/polls/open/vote", data={"option": slots["open.a"]}).status_code == 307
    return client


def arguments(request):
    """A case's request as the arguments of a test client."""
    given = {"headers": dict(request.get("headers", {}))}
    if request.get("content_type") is not None:
        given["content_type"] = request["content_type"]
    if "form" in request:
        given["data"] = MultiDict([*request["form"], *request.get("also", [])])
    if request.get("multipart_parts"):
        given["data"].update({f"part{n}": "x" for n in range(request["multipart_parts"])})
        given["content_type"] = "multipart/form-data"
    if "json" in request and "form" not in request:
        given["json"] = request["json"]
        given.pop("content_type", None) if request["content_type"] == "application/json" else None
    for name in ("body", "body_b64", "body_gen"):
        if name in request:
            given["data"] = _body(request[name])
    return given


def _body(body):
    if isinstance(body, dict):
        return body["prefix"] + body["repeat"] * body["n"] + body["suffix"]
    return body


def send(client, request, kind="browser"):
    """Sends the request as this kind of client does, to the end."""
    path, method, given = our_path(request["path"]), request["method"], arguments(request)
    if "body_b64" in request:
        given["data"] = base64.b64decode(request["body_b64"])
    unmarked = kind == "text browser" or not {"Sec-Fetch-Site", "Origin"}.isdisjoint(
        given["headers"]
    )
    answer = client.open(path, method=method, from_elsewhere=unmarked, **given)
    if answer.status_code == 307:
        answer = client.open(answer.location, method=method, **given)
    elif answer.status_code == 200 and method == "POST" and "form" in request:
        sent = {
            **request,
            "form": [*request["form"], ["confirm", fields_of(answer, "")["confirm"]]],
        }
        answer = client.open(path, method=method, from_elsewhere=True, **arguments(sent))
    return answer


def check(site, answer, expected, votes_before):
    """What holds after every case."""
    wanted = expected["state"]["votes"]
    assert answer.status_code in expected["status"]
    assert answer.status_code < 500
    assert ballots(site) - votes_before in (wanted if isinstance(wanted, list) else [wanted])
    assert {name: answer.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert is_discreet(answer)
    assert SECRET not in answer.get_data(as_text=True)
    assert site.test_client().get("/healthz").status_code == 200
    if answer.status_code == 405:
        assert answer.headers["Allow"]
    assert not answer.headers.get("Location", "/").startswith("//")


def run(site, slots, case, kind):
    request = filled(case["request"], slots)
    for field in request.get("form", []):
        field[0] = {"choice": "option"}.get(field[0], field[0])
    client = site.test_client() if request.get("as") == "anon" else reader(site, slots)
    before = ballots(site)
    answer = send(client, request, kind)
    check(site, answer, case["expected"], before)
    assert request.get("not_contains", "\0") not in answer.get_data(as_text=True)


def token(site, slots, client, which):
    """A confirmation of the kind a shared case asks for."""
    path, form = "/polls/open/vote", {"option": slots["open.a"]}

    def made(by):
        return fields_of(by.post(path, data=form, from_elsewhere=True))["confirm"]

    if which in {"other_voter", "foreign"}:
        return made(reader(site, slots))
    if which in {"future", "expired"}:
        with time_machine.travel(
            datetime.now(UTC) + timedelta(hours=2 if which == "future" else -2)
        ):
            return made(client)
    genuine = made(client)
    return {
        "truncated": genuine[: len(genuine) // 2],
        "tampered": genuine[:-2] + "xx",
        "valid": genuine,
    }[which]
