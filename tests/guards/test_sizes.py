"""Sizes are a budget: what is over it does two things, and the second one is to be found."""

import ast

import pytest

from tests.guards.tree import ROOT, files, modules

MODULE, FUNCTION, VIEW, TEMPLATE, STYLESHEET = 200, 40, 25, 120, 250


def lines_of(path):
    """The lines that hold something: blank ones cost nothing and help reading."""
    return sum(bool(line.strip()) for line in path.read_text("utf-8").splitlines())


def functions_of(path):
    """Every function with its lines, its docstring left out, and whether it is a view."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            said = node.body[0]
            is_docstring = isinstance(said, ast.Expr) and isinstance(said.value, ast.Constant)
            docstring = said.end_lineno - said.lineno + 1 if is_docstring else 0
            is_view = any(ast.unparse(d).startswith("bp.") for d in node.decorator_list)
            yield node.name, node.end_lineno - node.lineno + 1 - docstring, is_view


@pytest.mark.parametrize(
    ("folder", "pattern", "budget"),
    [
        ("poll_app", "*.py", MODULE),
        ("templates", "*.html", TEMPLATE),
        ("static", "*.css", STYLESHEET),
    ],
)
def test_every_file_keeps_its_budget(folder, pattern, budget):
    found = modules() if folder == "poll_app" else files(folder, pattern)

    assert found
    assert {name: n for name, path in found.items() if (n := lines_of(path)) > budget} == {}


def test_every_function_keeps_its_budget():
    over = {
        f"{name}: {function}": lines
        for name, path in modules().items()
        for function, lines, is_view in functions_of(path)
        if lines > (VIEW if is_view else FUNCTION)
    }

    assert over == {}


def test_the_views_are_found():
    names = {
        function
        for path in modules().values()
        for function, _, is_view in functions_of(path)
        if is_view
    }

    assert {"home", "vote", "results", "healthz"} <= names


def test_every_module_says_what_it_owns_and_has_a_name_of_the_trade():
    for name, path in modules().items():
        assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), f"{name} has no docstring"
        assert not {
            "utils",
            "util",
            "helpers",
            "helper",
            "base",
            "extensions",
            "common",
            "misc",
        } & {path.stem, path.parent.name}, name


def test_nothing_of_an_installation_is_in_the_checkout_of_the_program():
    below = [
        path.relative_to(ROOT).as_posix()
        for folder in ("poll_app", "templates", "static", "tests")
        for path in (ROOT / folder).rglob("*")
    ]

    assert [name for name in below if name.endswith((".sqlite", ".db", ".env", "secret_key"))] == []
