"""Passwords as they are stored."""

import threading
from time import perf_counter

import pytest

from poll_app.domain.refusals import Busy
from poll_app.services.people import password_hashes
from poll_app.services.people.password_hashes import AT_ONCE, hash_password, password_fits
from tests.desk_client import CHEAP_HASH, PASSWORD


def test_a_password_fits_its_own_hash_and_no_other_does():
    stored = hash_password("Träume\0 sind lang genug 🐙")

    assert stored.startswith("scrypt:32768:8:3$")
    assert password_fits("Träume\0 sind lang genug 🐙", stored)
    assert not password_fits("Träume", stored)
    assert not password_fits(PASSWORD + "\0", CHEAP_HASH)
    assert not password_fits("\0" + PASSWORD, CHEAP_HASH)
    assert not password_fits("Träume\0 sind lang genug 🐙 ", stored)
    assert not password_fits("\ud800", CHEAP_HASH)


def test_the_same_password_is_stored_differently_each_time():
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_nobodys_password_is_never_right_and_takes_as_long():
    began = perf_counter()
    assert not password_fits(PASSWORD, None)
    nobody = perf_counter() - began
    stored = hash_password(PASSWORD)
    began = perf_counter()
    assert password_fits(PASSWORD, stored)

    assert nobody > (perf_counter() - began) / 5


def test_only_a_few_are_hashed_at_once():
    everybody_in, done = threading.Barrier(AT_ONCE + 1), threading.Event()

    def hold():
        with password_hashes._a_place(1):
            everybody_in.wait(10)
            done.wait(10)

    threads = [threading.Thread(target=hold) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    everybody_in.wait(10)
    with pytest.raises(Busy):
        password_fits(PASSWORD, CHEAP_HASH, patience_s=0.01)
    done.set()
    for thread in threads:
        thread.join()
    assert password_fits(PASSWORD, CHEAP_HASH)
