"""People at the desk in a real browser: signing in with keyboard, code app and passkey."""

import re
import shutil
import socket
from base64 import b32decode
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from poll_app import create_app
from poll_app.database import db
from poll_app.domain.totp import STEP_S, code_at
from tests.browser.test_accessibility import violations
from tests.conftest import settings_for
from tests.desk_client import PASSWORD
from tests.inspecting_client import InspectingClient
from tests.web.acts import serving
from tests.web.people.persons import put_person

pytestmark = pytest.mark.browser

EMAIL = "alice@paper.example"
NEW = "orchard kettle flint mango"


@pytest.fixture
def desk(migrated_sqlite, tmp_path):
    """A site under a name, which passkeys need, with one admin; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    shutil.copy(migrated_sqlite, tmp_path / "poll_app.sqlite")
    app = create_app(settings_for(tmp_path, POLL_PUBLIC_URL=f"http://localhost:{port}"))
    app.test_client_class = InspectingClient
    put_person(app, EMAIL, role="admin", name="Alice Person")
    with serving(app, port=port):
        yield f"http://localhost:{port}"
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def device(page):
    """A telephone that keeps passkeys, plugged into the browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def tell(command, **facts):
        return session.send(f"WebAuthn.{command}", {**made, **facts})

    return tell


def sign_in(page, desk, *, password=PASSWORD):
    page.goto(f"{desk}/editor/sign-in")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/editor/sign-in")


def add_passkey(page, desk):
    page.goto(f"{desk}/editor/account/passkeys")
    page.get_by_label("Name of the passkey").fill("My telephone")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("status").wait_for()


def test_the_keyboard_alone_signs_in(page, desk):
    page.goto(f"{desk}/editor/sign-in?next=/editor/account")
    page.get_by_label("E-mail address").focus()
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk}/editor/account")

    assert page.locator("h1").inner_text() == "My account"
    assert page.complaints == []


def test_a_passkey_is_made_and_signs_in_without_a_password(page, desk, device, axe_source):
    sign_in(page, desk)
    add_passkey(page, desk)
    assert "My telephone" in page.locator("table").inner_text()
    assert violations(page, axe_source) == {}
    sign_out(page)

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/editor/")
    page.goto(f"{desk}/editor/account")
    assert "You have 1 passkey." in page.locator("main").inner_text()
    # What signing out clears is said in the console too.
    assert [c for c in page.complaints if "Clear-Site-Data" not in c] == []


def test_a_passkey_proves_again_who_one_is(page, desk, device):
    sign_in(page, desk)
    add_passkey(page, desk)
    page.goto(f"{desk}/editor/confirm?next=/editor/people")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url(f"{desk}/editor/people")

    page.goto(f"{desk}/editor/account")
    assert page.locator("table tbody tr").count() == 1


def test_a_copied_passkey_is_refused(page, desk, device):
    sign_in(page, desk)
    add_passkey(page, desk)
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/editor/")
    sign_out(page)
    held = device("getCredentials")["credentials"][0]
    device("removeCredential", credentialId=held["credentialId"])
    device("addCredential", credential={**held, "signCount": 0})

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("alert").wait_for()
    assert "This passkey is not known here." in page.locator("main").inner_text()


def test_a_browser_without_a_device_says_so_and_takes_the_password(page, desk, device):
    device("removeVirtualAuthenticator")
    page.goto(f"{desk}/editor/sign-in")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('none')) }")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("Your browser did not give a passkey.").wait_for()
    sign_in(page, desk)
    page.wait_for_url("**/editor/")


def test_without_scripts_nothing_of_passkeys_is_offered(new_page, desk):
    page = new_page(javascript=False)
    page.goto(f"{desk}/editor/sign-in")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    sign_in(page, desk)
    page.goto(f"{desk}/editor/account/passkeys")

    assert page.get_by_role("button", name="Add a passkey").count() == 0
    assert "Passkeys need JavaScript" in page.locator("main").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_code_app_and_its_recovery_codes(new_page, desk, axe_source, javascript):
    page = new_page(javascript=javascript)
    sign_in(page, desk)
    page.goto(f"{desk}/editor/account")
    page.get_by_role("link", name="Set up an app").click()
    address = page.get_by_role("link", name="Open in an app on this device").get_attribute("href")
    secret = b32decode(re.search(r"secret=([A-Z2-7]+)", address)[1])
    now = int(datetime.now(UTC).timestamp()) // STEP_S
    page.get_by_label("Code from the app").fill(code_at(secret, now))
    page.get_by_role("button", name="Set it up").click()
    shown = page.locator("ol code")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    if javascript:
        assert violations(page, axe_source) == {}
    sign_out(page)

    sign_in(page, desk)
    page.wait_for_url("**/editor/sign-in/code")
    if javascript:
        assert violations(page, axe_source) == {}
    page.get_by_label("Code", exact=True).fill(codes[0])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/editor/")


def test_somebody_is_invited_and_joins(page, new_page, desk, axe_source):
    sign_in(page, desk)
    page.goto(f"{desk}/editor/people")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("E-mail address").fill("bea@paper.example")
    page.get_by_label("Name", exact=True).fill("Bea")
    page.get_by_label("Editor: articles and questions as well").check()
    page.get_by_role("button", name="Make the link").click()
    link = page.locator("#one-time-link").input_value()
    assert violations(page, axe_source) == {}

    guest = new_page()
    guest.goto(link)
    assert violations(guest, axe_source) == {}
    guest.get_by_label("Password", exact=True).fill(NEW)
    guest.get_by_role("button", name="Set the password").click()
    guest.wait_for_url("**/editor/sign-in")
    guest.get_by_label("E-mail address").fill("bea@paper.example")
    guest.get_by_label("Password", exact=True).fill(NEW)
    guest.get_by_role("button", name="Sign in", exact=True).click()
    guest.wait_for_url("**/editor/")
    guest.goto(link)
    assert guest.locator("h1").inner_text() == "This link is no longer valid"
    assert violations(guest, axe_source) == {}
    assert [c for c in guest.complaints if "410" not in c] == []


def test_a_refused_sign_in_has_no_barrier(page, desk, axe_source):
    sign_in(page, desk, password="wrong")
    page.get_by_role("alert").wait_for()

    expect(page).to_have_title(re.compile("^Error: Sign in"))
    assert page.get_by_label("E-mail address").input_value() == EMAIL
    expect(page.locator(":focus")).to_have_class("error_summary")
    assert violations(page, axe_source) == {}
