"""Voters: a key says nothing about the browser, the secret or another poll."""

from hypothesis import given
from hypothesis import strategies as st

from poll_app.domain.voters import SALT_BYTES, VOTER_KEY_BYTES, Voter, new_salt, new_token

SALT = bytes(range(SALT_BYTES))
SECRET = "a secret that only this test knows"


def test_a_key_is_the_same_for_ever():
    key = Voter("token", SECRET).key_in(SALT)

    assert key == Voter("token", SECRET).key_in(SALT)
    assert key.hex() == "2adf3baf0c86d5700f2018655f1fa0fb"


@given(tokens=st.sets(st.text(min_size=1), min_size=2), salt=st.binary(min_size=16, max_size=16))
def test_each_reader_has_a_key_of_its_own(tokens, salt):
    keys = {Voter(token, SECRET).key_in(salt) for token in tokens if token.isascii()}

    assert len(keys) == sum(token.isascii() for token in tokens)
    assert all(len(key) == VOTER_KEY_BYTES for key in keys)


def test_another_poll_or_another_installation_gives_another_key():
    reader = Voter("token", SECRET)

    assert reader.key_in(SALT) != reader.key_in(SALT[::-1])
    assert reader.key_in(SALT) != Voter("token", SECRET + "!").key_in(SALT)


def test_the_voter_shows_neither_token_nor_secret_in_a_log():
    assert "token" not in repr(Voter("token", SECRET)).replace("Voter", "")
    assert SECRET not in repr(Voter("token", SECRET))


def test_tokens_and_salts_are_random_and_long_enough():
    tokens, salts = {new_token() for _ in range(100)}, {new_salt() for _ in range(100)}

    assert len(tokens) == len(salts) == 100
    assert {len(token) for token in tokens} == {22}
    assert {len(salt) for salt in salts} == {SALT_BYTES}
