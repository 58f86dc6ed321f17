"""What pages tell other sites, in a real browser: the data pass our policy, and nothing runs."""

import json

import pytest

pytestmark = pytest.mark.browser


def test_the_data_of_a_page_are_there_and_nothing_complains(visitor, live):
    visitor.goto(f"{live}/polls/votes-40/results")
    data = visitor.locator("script[type='application/ld+json']").evaluate("e => e.textContent")

    assert json.loads(data)["mainEntity"]["answerCount"] == 40
    assert visitor.complaints == []


def test_an_answer_that_tries_to_end_the_data_is_only_text(visitor, live, new_poll):
    poll = new_poll(options=("</script><script>window.hit = 1</script>", "<!--<script>"))
    visitor.goto(f"{live}/polls/{poll.slug}")

    assert visitor.locator("script:not([src])").count() == 1
    assert visitor.evaluate("window.hit") is None
    assert visitor.complaints == []


def test_a_chart_is_shown_by_itself_and_says_what_it_shows(visitor, live):
    visitor.goto(f"{live}/polls/votes-40/results.svg")
    box = visitor.evaluate("""() => {
      const lines = [...document.querySelectorAll('text')].map((line) => line.getBoundingClientRect());
      const sheet = document.documentElement.getBoundingClientRect();
      return lines.every((line) => line.left >= sheet.left && line.right <= sheet.right);
    }""")

    assert box, "a line runs out of the picture"
    assert visitor.complaints == []
