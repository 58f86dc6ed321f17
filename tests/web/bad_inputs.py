"""Bad inputs as data: those the house shares with other programs, and our own.

Shared cases name symbolic paths and fields; here they are mapped onto ours, once. A case is a dict
of `id`, `request` and `expected`, as ../shared/bad_inputs.json explains it.
"""

import json
import re
from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared" / "bad_inputs.json"

# What no issue has asked for yet, by the paths and steps that belong to it: take a line out when the
# thing is built, and its cases run.
NOT_BUILT = {
    "comments": ("/comments",),
    "embed allow list": ("/embed-allow",),
    "public log": ("&end=",),  # a range of it; the ledger goes on from a number
}
_PATHS = (
    (r"^/p/([^/]*)/results\.json", r"/api/v1/polls/\1/results"),
    (r"^/api/v1/polls/([^/]*)/ballot", r"/polls/\1/vote"),
    (r"^/p/", "/polls/"),
    (r"^/log/entries", "/ledger/"),
    (r"(?<=[?&])start\b", "before"),
    (r"^/editor/polls/([^/]*)/publish", r"/editor/polls/\1/times"),
    (r"^/login", "/editor/sign-in"),
    (r"^/logout", "/editor/sign-out"),
)


def shared_cases():
    """The cases of the house that touch what exists, in our words; none where the file is absent."""
    if not SHARED.exists():
        return []
    return [case for case in json.loads(SHARED.read_text("utf-8"))["cases"] if not waits_for(case)]


# What people with an account send: run in people/test_bad_sign_ins.py.
_SIGN_IN = ("/login", "/logout", "LOGIN_WITH_PLANTED_COOKIE", "TAMPER_SESSION")


def is_of_sign_in(case):
    """Whether a case is about signing in or out."""
    return any(mark in json.dumps(case["request"]) for mark in _SIGN_IN)


def is_of_desk(case):
    """Whether a case is about the editors' polls: run in desk/test_bad_polls.py."""
    return "/editor/polls" in json.dumps(case["request"])


def waits_for(case):
    """What has to be built before this case can run, or None."""
    text = json.dumps(case["request"])
    return next(
        (name for name, marks in NOT_BUILT.items() if any(mark in text for mark in marks)), None
    )


def our_path(path):
    """A symbolic path as it is here."""
    for pattern, ours in _PATHS:
        path = re.sub(pattern, ours, path)
    return path


def filled(value, slots):
    """The value with {open}, {open.a} and so on replaced."""
    if isinstance(value, str):
        return re.sub(r"\{(\w+(?:\.\w)?)\}", lambda m: slots.get(m[1], m[0]), value)
    if isinstance(value, list):
        return [filled(inner, slots) for inner in value]
    if isinstance(value, dict):
        return {name: filled(inner, slots) for name, inner in value.items()}
    return value


def as_form(request):
    """A JSON ballot as the fields of our form, or None where a form can't say it."""
    if "body" in request and "1e999" in request["body"]:
        return [("option", "1e999")]
    ballot = request.get("json")
    if not isinstance(ballot, dict):
        return None
    choices = ballot.get("choices", [])
    choices = choices if isinstance(choices, list) else [choices]
    return [("option", c if isinstance(c, str) else json.dumps(c)) for c in choices]


def _form(case_id, status, *pairs, votes=0, **request):
    request = {
        "method": "POST",
        "path": "/polls/{open}/vote",
        "form": [list(pair) for pair in pairs],
        **request,
    }
    return {
        "id": case_id,
        "request": request,
        "expected": {"status": status, "state": {"votes": votes}},
    }


def _body(case_id, status, body, votes=0, kind="application/x-www-form-urlencoded", **headers):
    request = {
        "method": "POST",
        "path": "/polls/{open}/vote",
        "body": body,
        "content_type": kind,
        "headers": headers,
    }
    return {
        "id": case_id,
        "request": request,
        "expected": {"status": status, "state": {"votes": votes}},
    }


def _get(case_id, status, path, method="GET", **headers):
    request = {"method": method, "path": path, "headers": headers}
    return {
        "id": case_id,
        "request": request,
        "expected": {"status": status, "state": {"votes": 0}},
    }


_A = ("option", "{open.a}")
_PARTS = '--b\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}\r\n--b--\r\n'
_MULTIPART = "multipart/form-data; boundary=b"

_NOT_AN_ID = {
    "sql": "1 OR 1=1", "sql-quote": "1'; DROP TABLE ballots; --", "nul": "{open.a}\0", "float": "1.0", "exp": "1e0",
    "zero": "0", "negative": "-1", "plus": "+1", "leading-zero": "01", "space": " {open.a}", "newline": "{open.a}\n",
    "underscore": "1_0", "arabic": "١", "full-width": "１", "superscript": "¹", "2-63": "9223372036854775808",
    "2-64": "18446744073709551616", "5000-digits": "1" * 5_000, "true": "true", "none": "None", "list": "[1]",
    "pair": "{open.a},{open.b}", "hex": "0x1", "emoji": "👍", "bidi": "\u202e1", "markup": "<b>1</b>", "empty": "",
    "template": "{{7*7}}", "formula": "=1+1", "unknown": "999999", "other-poll": "{other.a}", "zero-width": "1\u200b",
}  # fmt: skip

_STRANGE_PATHS = {
    "negative": "/polls/-1", "arabic": "/polls/١", "nul": "/polls/{open}%00", "only-nul": "/polls/%00",
    "space": "/polls/{open}%20", "trailing-slash": "/polls/{open}/", "dots": "/polls/..", "git": "/.git/config",
    "php": "/wp-login.php", "bad-percent": "/polls/%zz", "half-percent": "/polls/%", "not-utf8": "/polls/%ff",
    "overlong": "/polls/%c0%ae%c0%ae", "backslash": "/polls/..%5c..%5cetc", "semicolon": "/polls/{open};x=1",
    "crlf": "/polls/x%0d%0aSet-Cookie:%20a=b", "long": "/polls/" + "a" * 8_000, "surrogate": "/polls/%ed%a0%80",
    "markup": "/polls/%3Cscript%3Ealert(1)%3C/script%3E", "static-nul": "/static/%00", "static-folder": "/static/css",
    "static-parent": "/static/..%2f..%2fpyproject.toml",
    "template": "/polls/%7B%7B7*7%7D%7D", "sql": "/polls/'%20OR%20'1'='1", "api-nul": "/api/v1/polls/%00",
    "article-nul": "/articles/%00", "results-nul": "/polls/%00/results", "csv-nul": "/polls/%00/results.csv",
}  # fmt: skip

_STRANGE_HEADERS = {
    "cookie-garbage": {"Cookie": "voter=\x7f;;;=; voter"}, "cookie-long": {"Cookie": "voter=" + "x" * 7_000},
    "cookie-latin": {"Cookie": "voter=ÿÿ.ÿÿ"}, "cookie-two": {"Cookie": "voter=a.b; voter=c.d"},
    "etag-garbage": {"If-None-Match": '"""W/,*,'}, "since-garbage": {"If-Modified-Since": "yesterday"},
    "accept-garbage": {"Accept": ";;;q=9,*/*/*", "Accept-Language": "x" * 500}, "range-huge": {"Range": "bytes=9-" + "9" * 40},
    "override": {"X-HTTP-Method-Override": "DELETE"}, "original-url": {"X-Original-URL": "/polls/draft"},
    "script-name": {"X-Script-Name": "/evil", "X-Forwarded-Prefix": "/evil"},
}  # fmt: skip

OWN_CASES = [
    _form("ok-no-order", [303], _A, votes=1),
    _form("none-chosen", [422]),
    _form("blank-order", [303], _A, ("order", ""), votes=1),
    _form("order-nul", [400], _A, ("order", "\0")),
    _form("order-not-ascii", [400], _A, ("order", "1.2.ключ")),
    _form("order-long", [400], _A, ("order", "1." * 9_000)),
    _form("extra-fields", [303], _A, ("votes", "99"), ("state", "closed"), ("voter", "x"), votes=1),
    _form("other-name", [422], ("option[]", "{open.a}"), ("OPTION", "{open.a}"), ("choices", "{open.a}")),
    _form("choice-in-query", [422], path="/polls/{open}/vote?option={open.a}"),
    _form("too-many", [422], *[("option", f"{{multi.{name}}}") for name in "abc"], path="/polls/{multi}/vote"),
    _form("twice-the-same", [422], *[("option", "{multi.a}")] * 2, path="/polls/{multi}/vote"),
    _form("a-thousand-options", [422], *[("option", "{open.a}")] * 1_000),
    _form("to-a-closed-poll", [409], ("option", "{closed.a}"), path="/polls/{closed}/vote"),
    _form("to-a-scheduled-poll", [409], ("option", "{sched.a}"), path="/polls/{sched}/vote"),
    _form("to-a-draft", [404], ("option", "{draft.a}"), path="/polls/{draft}/vote"),
    _form("to-no-poll", [404], ("option", "1"), path="/polls/none/vote"),
    _form("withdraw-closed", [409], path="/polls/{closed}/withdraw"),
    _form("peek-draft", [404], path="/polls/{draft}/peek"),
    _form("override-header", [303], _A, votes=1, headers={"X-HTTP-Method-Override": "DELETE"}),
    _form("override-query", [303], _A, votes=1, path="/polls/{open}/vote?_method=DELETE"),
    *[_form(f"id-{name}", [422], ("option", value)) for name, value in _NOT_AN_ID.items()],
    _body("bad-percent", [422], "option=%zz"),
    _body("not-utf8", [422], "option=%ff"),
    _body("lone-surrogate", [422], "option=%ed%a0%80"),
    _body("60000-fields", [413], "&".join(["a=1"] * 60_000)),
    _body("20000-fields", [303], "option={open.a}&" + "&".join(["a="] * 20_000), votes=1),
    _body("16385-bytes", [303], "option={open.a}&x=" + "x" * (16_385 - 18), votes=1),
    _body("only-separators", [422], "&;&=&;=&"),
    _body("semicolon", [422], "option={open.a};option={open.b}"),
    _body("no-body", [422], ""),
    _body("form-as-json", [415], "option={open.a}", kind="application/json"),
    _body("json-as-form", [422], '{"option": 1}'),
    _body("two-types", [415], "option={open.a}", kind="application/x-www-form-urlencoded, text/plain"),
    _body("shouted-type", [303], "option={open.a}", kind="APPLICATION/X-WWW-FORM-URLENCODED", votes=1),
    _body("utf-16", [303, 415, 422], "option={open.a}", kind="application/x-www-form-urlencoded; charset=utf-16", votes=[0, 1]),
    _body("odd-charset", [303, 415, 422], "option={open.a}", kind="application/x-www-form-urlencoded; charset=x", votes=[0, 1]),
    _body("deflated", [415], "option={open.a}", **{"Content-Encoding": "deflate"}),
    _body("no-boundary", [400, 422], _PARTS.format("option", "", "{open.a}"), kind="multipart/form-data"),
    _body("other-boundary", [400, 422], _PARTS.format("option", "", "{open.a}"), kind="multipart/form-data; boundary=c"),
    _body("cut-multipart", [400, 422], _PARTS.format("option", "", "{open.a}")[:-12], kind=_MULTIPART),
    _body("no-name", [400, 422], "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n", kind=_MULTIPART),
    _body("option-as-file", [422], _PARTS.format("option", '; filename="1"', "{open.a}"), kind=_MULTIPART),
    _body("order-as-file", [303], _PARTS.format("option", "", "{open.a}").removesuffix("--\r\n") + "\r\n"
          + _PARTS.format("order", '; filename="1"', "1"), kind=_MULTIPART, votes=1),
    *[_get(f"path-{name}", [404], path) for name, path in _STRANGE_PATHS.items()],
    *[_get(f"header-{name}", [200, 304], "/polls/{open}", **headers) for name, headers in _STRANGE_HEADERS.items()],
    *[_get(f"vote-{method}", [405], "/polls/{open}/vote", method=method)
      for method in ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "FOO", "get")],
    _get("double-slash", [404, 308], "//evil.example/%2e%2e"),
    _get("double-slash-static", [404, 308], "/static/%2fetc/passwd"),
    _get("double-slash-inside", [404, 308], "/polls//{open}"),
    _get("range-of-an-asset", [200, 206, 416], "/static/css/base.css", Range="bytes=99999999-"),
    _get("query-markup", [200], "/polls/{open}?again=<script>alert(1)</script>"),
    _get("query-not-utf8", [200], "/polls/{open}?%ff=%zz&%00"),
    _get("query-long", [414], "/polls/{open}?" + "q" * 2_049),
]  # fmt: skip
