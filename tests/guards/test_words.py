"""Words: what is never said about a result, and what the README has to say."""

import ast
import re

import pytest

from poll_app.cli import main
from poll_app.config import setting_fields
from tests.guards.catalogue import PLURAL, SINGLE, extracted
from tests.guards.tree import ROOT, TEMPLATES, files, modules

# docs/results.md: a result describes the readers who voted, and claims nothing beyond.
NEVER_SAID = (
    r"margin of error", r"±", r"\b(?:confidence|credibility) (?:interval|level)", r"statistically significant",
    r"statistical(?:ly)? tie", r"dead heat", r"\brepresentative(?! surveys?\b)", r"\b(?:un)?scientific", r"\bsample\b",
    r"respondents", r"\bsurveyed\b", r"the public thinks", r"polls? finds?\b", r"majority of (?:our |the )?readers(?! who voted)",
    r"\btrend", r"\bswings?\b", r"\bsurg(?:e|ing)", r"\blandslide", r"\bmomentum", r"\bconsensus", r"\bverified\b",
    r"one person,? one vote", r"\d[.,]\d+\s*%", r"%\s*chance", r"wisdom of the crowd",
)  # fmt: skip
METHOD = "It shows what they think, not what the public thinks."
CLARIFIED = "think, not what the public thinks."
SYNONYMS = {
    "user",
    "users",
    "respondent",
    "participant",
    "quiz",
    "manager",
    "helper",
    "helpers",
    "util",
    "utils",
}


@pytest.fixture(scope="module")
def messages(tmp_path_factory):
    """Every text that is put before a translator, plural forms apart."""
    found = extracted(tmp_path_factory.mktemp("words"))
    return [text for m in found for text in ([m.id] if isinstance(m.id, str) else m.id)]


def test_the_texts_are_found(messages):
    assert len(messages) > 100
    assert "Nobody has voted yet." in messages  # a rule's sentence
    assert "Skip to the content" in messages  # a template's
    assert any(text.startswith("Most of the") for text in messages)


def test_every_apostrophe_is_a_typographic_one(messages):
    assert [text for text in messages if "'" in text] == []


def test_no_text_is_used_with_a_plural_and_without_one(tmp_path):
    """A catalogue knows each text once: the plural form would show where none is meant."""
    single = {message.id for message in extracted(tmp_path, SINGLE)}
    plural = {message.id[0] for message in extracted(tmp_path, PLURAL)}

    assert single
    assert plural
    assert single & plural == set()


@pytest.mark.parametrize("phrase", NEVER_SAID)
def test_what_a_result_may_not_claim_is_never_said(messages, phrase):
    texts = {f"message {text!r}": text for text in messages}
    texts |= {name: (ROOT / name).read_text("utf-8") for name in files("templates", "*.html")}

    said = [
        where
        for where, text in texts.items()
        if re.search(phrase, text.replace(CLARIFIED, ""), re.IGNORECASE)
    ]

    assert said == []


def test_the_list_catches_what_it_is_for():
    claims = "a margin of error; a 95% confidence interval; this poll finds 35 % chance; 62.5% of a representative sample"

    assert sum(bool(re.search(phrase, claims)) for phrase in NEVER_SAID) == 7


def test_every_figure_is_accompanied_by_what_it_is(messages):
    assert any(METHOD in text for text in messages)


def test_nothing_is_named_by_a_second_word_for_the_same_thing():
    strange = {
        f"{name}: {node.name}"
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and SYNONYMS & set(re.sub(r"([a-z])([A-Z])", r"\1_\2", node.name).lower().split("_"))
    }

    assert strange == set()


@pytest.mark.parametrize("name", [known.metadata["name"] for known in setting_fields()])
def test_the_setting_is_in_the_readme(name):
    assert f"`{name}`" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", sorted(main.commands))
def test_the_command_is_in_the_readme(name):
    assert re.search(rf"`{name}[` ]", (ROOT / "README.md").read_text("utf-8"))


def test_the_readme_names_no_setting_that_is_not_there():
    known = {known.metadata["name"] for known in setting_fields()}

    assert set(re.findall(r"\bPOLL_[A-Z_]+", (ROOT / "README.md").read_text("utf-8"))) <= known


def test_no_text_of_a_page_escapes_translation():
    """Letters between tags that are neither data nor a call of gettext."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = re.sub(
            r"[\w-]+=\"[^\"]*\"|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<code>.*?</code>",
            " ",
            path.read_text("utf-8"),
            flags=re.DOTALL,
        )
        bare = re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", text))
        assert not set(bare) - {"CSV", "JSON", "SVG", "PNG"}, (
            f"{path.name} says {bare} in English only"
        )
