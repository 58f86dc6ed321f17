"""Return codes: 80 random bits, however they are typed."""

import re

import pytest

from poll_app.domain.discussion.return_codes import ReturnedReader, hash_code, new_code
from poll_app.domain.refusals import NotFound, Refusal


def test_a_code_is_four_groups_and_never_the_same():
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(
        re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", one) for one in codes
    )


def test_a_code_is_read_however_it_is_typed():
    assert hash_code("7K3M-Q2XV-0ABC-1TDE") == hash_code(" 7k3mq2xv oabc–ltde\n")


@pytest.mark.parametrize(
    "typed", ["", "7K3M-Q2XV-0ABC", "7K3M-Q2XV-0ABC-9TDU", "7K3M-Q2XV-0ABC-9TD٣", "x" * 5000]
)
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(Refusal) as refused:
        hash_code(typed)

    assert refused.value.field == "code"


def test_who_returned_has_a_key_in_that_question_only():
    reader = ReturnedReader(b"salt", b"key")

    assert reader.key_in(b"salt") == b"key"
    with pytest.raises(NotFound):
        reader.key_in(b"another salt")
    assert "key" not in repr(reader).partition("(")[2]
