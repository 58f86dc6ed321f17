"""A test client that reads every page it fetches as a strict reader would."""

import re
from collections import Counter

import html5lib
from flask.testing import FlaskClient

_H = "{http://www.w3.org/1999/xhtml}"
_UNNAMED = {"hidden", "submit", "button"}


class InspectingClient(FlaskClient):
    """Behaves like a browser on the site's own pages and fails on a page that is not sound."""

    def open(self, *args, from_elsewhere=False, **kwargs):
        """Sends the request; `from_elsewhere` leaves out what a browser says of its origin."""
        if not from_elsewhere:
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("Sec-Fetch-Site", "same-origin")
            kwargs["headers"] = headers
        kwargs.setdefault("buffered", True)  # files are closed as a server closes them
        response = super().open(*args, **kwargs)
        if (
            response.mimetype == "text/html"
            and response.data
            and not 300 <= response.status_code < 400
        ):
            inspect(response.get_data(as_text=True))
        return response


def inspect(html):
    """Raises AssertionError for what no page may be."""
    parser = html5lib.HTMLParser(strict=False)
    page = parser.parse(html)
    assert not parser.errors, f"invalid HTML: {parser.errors[:3]}"
    _check_headings(page)
    _check_ids_and_labels(page)
    _check_forms(page)
    _check_nothing_inline(page, html)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def _check_headings(page):
    html = page if page.tag == f"{_H}html" else page.find(f".//{_H}html")
    assert html.get("lang"), "the page does not say its language"
    assert html.get("dir") in {"ltr", "rtl"}, "the page does not say its direction"
    headings = page.findall(f".//{_H}h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    title = re.sub(r"^\S*Error:\S* ", "", text_of(page.find(f".//{_H}title")))
    assert title.startswith(text_of(headings[0])), f"title {title!r} and h1 differ"


def _check_ids_and_labels(page):
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    twice = [name for name, count in ids.items() if count > 1]
    assert not twice, f"ids used twice: {twice}"
    named = {label.get("for") for label in page.findall(f".//{_H}label")}
    inside = {
        control
        for label in page.findall(f".//{_H}label")
        for control in label.iter()
        if control is not label
    }
    for tag in ("input", "textarea", "select"):
        for control in page.findall(f".//{_H}{tag}"):
            if control.get("type") in _UNNAMED:
                continue
            assert control.get("id") in named or control in inside, "a control without a label"
    for element in page.iter():
        for attribute in ("aria-describedby", "aria-labelledby"):
            for name in (element.get(attribute) or "").split():
                assert name in ids, f"{attribute} names {name}, which is not there"
        href = element.get("href") or ""
        if href.startswith("#") and len(href) > 1:
            assert href[1:] in ids, f"a link to {href}, which is not there"


def _check_forms(page):
    for form in page.findall(f".//{_H}form"):
        if form.get("method") == "get":
            assert form.get("role") == "search", "only a search is sent by GET"
            assert "csrf_token" not in {i.get("name") for i in form.iter(f"{_H}input")}
        else:
            assert form.get("method") == "post"
        assert form.get("action", "").startswith("/"), "a form that posts elsewhere"
        buttons = [b for b in form.iter(f"{_H}button") if b.get("type", "submit") == "submit"]
        assert buttons, "a form without a button"


def _check_nothing_inline(page, html):
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag != f"{_H}style", "an inline style sheet"
        is_data = element.get("type") == "application/ld+json"
        assert not (element.tag == f"{_H}script" and not element.get("src") and not is_data), (
            "an inline script"
        )
        for attribute in element.attrib:
            assert attribute != "style", "an inline style"
            assert not attribute.startswith("on"), f"an inline handler {attribute}"
        if (
            element.tag in {f"{_H}link", f"{_H}script", f"{_H}img"}
            and element.get("rel") != "canonical"
            and not element.get("type", "").endswith("+oembed")  # whole addresses, by its rules
            and element.get("type") != "application/ld+json"
        ):
            address = element.get("href") or element.get("src")
            assert address.startswith("/"), f"a request to someone else: {address}"
    assert not re.search(r"\{\{|\{%|%\([a-z_]+\)s", html), "a placeholder was left in the page"
