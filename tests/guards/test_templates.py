"""Templates: each compiles, is used, has a title, and holds nothing that a strict page may not."""

import re

import pytest
from jinja2 import nodes

from poll_app import create_app
from tests.conftest import settings_for
from tests.guards.tree import TEMPLATES, files, modules

NAMES = [name.removeprefix("templates/") for name in files("templates", "*.html")]
PAGES = [
    name
    for name in NAMES
    if not name.startswith("components/") and not name.endswith("layout.html")
]
COMPONENTS = [name for name in NAMES if name.startswith("components/")]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """How the program reads its templates."""
    return create_app(settings_for(tmp_path_factory.mktemp("templates"))).jinja_env


def source(name):
    return re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text("utf-8"), flags=re.DOTALL)


def test_there_are_templates():
    assert PAGES
    assert COMPONENTS


@pytest.mark.parametrize("name", NAMES)
def test_the_template_compiles(environment, name):
    environment.get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_template_is_used(environment, name):
    """Rendered by the program, or extended, imported or included by another template."""
    by_program = any(f'"{name}"' in path.read_text("utf-8") for path in modules().values())
    by_template = any(
        getattr(node.template, "value", None) == name  # a layout may be chosen while rendering
        for other in NAMES
        if other != name
        for node in environment.parse(source(other)).find_all(
            (nodes.Extends, nodes.Import, nodes.FromImport, nodes.Include)
        )
    )

    assert by_program or by_template


@pytest.mark.parametrize("name", PAGES)
def test_the_page_has_a_title(environment, name):
    blocks = {block.name for block in environment.parse(source(name)).find_all(nodes.Block)}

    assert "title" in blocks


@pytest.mark.parametrize("name", COMPONENTS)
def test_the_component_is_a_macro_of_its_own_name(environment, name):
    macros = {macro.name for macro in environment.parse(source(name)).find_all(nodes.Macro)}

    assert name.removeprefix("components/").removesuffix(".html") in macros


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\|\s*safe\b",
        r"autoescape",
        r"<style\b",
        r"\sstyle\s*=",
        r"<script\b(?![^>]*\ssrc=)(?! type=\"application/ld\+json\">\{\{ head\.data\|tojson \}\})",
        r"\son[a-z]+\s*=",
        r"javascript:",
        r"(?:href|src|action)\s*=\s*[\"']?(?:https?:)?//",
        r"\{%-?\s*(?:do|set)\s+[^%]*\bquery\b",
    ],
)
def test_no_template_holds_what_a_strict_page_may_not(forbidden):
    found = {
        name: hit.group()
        for name in NAMES
        if (hit := re.search(forbidden, source(name), re.IGNORECASE))
    }

    assert found == {}


def test_only_cleaned_html_is_ever_trusted():
    trusting = [
        name
        for name, path in modules().items()
        if re.search(r"\bMarkup\(", path.read_text("utf-8"))
    ]

    assert trusting == ["poll_app/web/markdown.py"]
