"""People on the command line: the first editor of an installation."""

import pytest

from poll_app.services.people.signing_in import find_by_password
from tests.desk_client import PASSWORD
from tests.test_cli import cli, site  # noqa: F401 - the same command line

pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


def add(run, *words, given=f"{PASSWORD}\n", code=0):
    return run("add-editor", *words, code=code, given=given)


def test_an_editor_is_added_and_can_sign_in(site, app):  # noqa: F811
    done = add(site, "Ada@paper.example", "--role", "admin", "--password-stdin")

    assert done.stdout == (
        "ada@paper.example can sign in at http://127.0.0.1:8000/editor/ as admin.\n"
    )
    with app.app_context():
        assert find_by_password("ada@paper.example", PASSWORD)


def test_the_password_is_asked_for_twice_and_not_shown(site, app):  # noqa: F811
    done = add(site, "ada@paper.example", "--role", "editor", given=f"{PASSWORD}\n{PASSWORD}\n")

    assert "Password (15 to 128 characters)" in done.stderr
    assert PASSWORD not in done.output
    with app.app_context():
        assert find_by_password("ada@paper.example", PASSWORD)


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_the_line_break_is_not_part_of_the_password(site, app, end):  # noqa: F811
    add(site, "ada@paper.example", "--role", "editor", "--password-stdin", given=PASSWORD + end)

    with app.app_context():
        assert find_by_password("ada@paper.example", PASSWORD)


def test_an_address_has_one_account(site):  # noqa: F811
    add(site, "ada@paper.example", "--role", "admin", "--password-stdin")
    again = add(site, "ADA@paper.example", "--role", "editor", "--password-stdin", code=1)

    assert again.stderr == "Error: There is an account for ada@paper.example already.\n"


@pytest.mark.parametrize(
    ("words", "given", "code", "said"),
    [
        (("ada", "--role", "admin", "--password-stdin"), PASSWORD, 1, "e-mail address"),
        (("ada@x.example", "--role", "admin", "--password-stdin"), "short", 1, "at least 15"),
        (("ada@x.example", "--role", "admin", "--password-stdin"), "é" * 5_000, 1, "at most 128"),
        (("ada@x.example", "--role", "admin", "--password-stdin"), "", 1, "at least 15"),
        (("ada@x.example", "--role", "admin", "--password-stdin"), b"\xff" * 20, 1, "not UTF-8"),
        (("ada@x.example", "--role", "owner"), "", 2, "owner"),
        (("ada@x.example",), "", 2, "--role"),
    ],
)
def test_what_is_no_good_is_refused_in_a_line(site, words, given, code, said):  # noqa: F811
    assert said in add(site, *words, given=given, code=code).stderr
