"""A real Chromium on a real server: one of each for the whole session, one site for all its tests."""

import itertools
import shutil
from datetime import UTC, datetime

import pytest

from poll_app import create_app
from poll_app.database import db
from poll_app.services.poll_views import get_poll
from poll_app.services.polls import NewPoll, add_poll
from poll_app.services.sample import load_sample
from tests.browser.site import fill_site
from tests.conftest import settings_for
from tests.inspecting_client import InspectingClient
from tests.web.acts import OPENED, rows, serving

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
# Takes a third of the time, as it draws no browser around a page; but it can't be told to refuse cookies.
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


@pytest.fixture(scope="session")
def chromium():
    """The browser."""
    if not CHROMIUM:
        pytest.skip("no chromium here: apt-get install chromium")
    api = pytest.importorskip("playwright.sync_api", reason="no playwright to drive chromium with")
    with api.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=SHELL, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium):
    """Makes a page in a fresh browser profile; what the browser complains of is in `page.complaints`."""
    contexts = []

    def make(width=1280, height=900, *, javascript=True, **details):
        context = chromium.new_context(
            locale="en-GB", timezone_id="Europe/London", java_script_enabled=javascript,
            viewport={"width": width, "height": height}, **details,
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def window(chromium):
    """One page for all that is only looked at: no test that uses it may leave a cookie."""
    context = chromium.new_context(locale="en-GB", timezone_id="Europe/London")
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    assert context.cookies() == []
    context.close()


@pytest.fixture
def visitor(window):
    """That page, as large as a desk's screen, blank and without complaints."""
    window.set_viewport_size({"width": 1280, "height": 900})
    window.emulate_media(color_scheme="light", media="screen")
    window.goto("about:blank")
    window.complaints.clear()
    return window


@pytest.fixture
def page(new_page):
    """A page of a reader who has never been here, as large as a desk's screen."""
    return new_page()


@pytest.fixture(scope="session")
def site(migrated_sqlite, tmp_path_factory):
    """The application with the sample article and a poll in each state that looks different."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copy(migrated_sqlite, folder / "poll_app.sqlite")
    app = create_app(settings_for(folder))
    app.test_client_class = InspectingClient
    with app.app_context():
        load_sample(now=datetime.now(UTC))
    fill_site(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def live(site):
    """The address of the site."""
    with serving(site) as address:
        yield address


@pytest.fixture(scope="session")
def axe_source():
    """The text of axe, to be loaded into each page once."""
    package = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no axe for chromium"
    )
    return package.Axe().axe_script


@pytest.fixture
def new_poll(site):
    """Makes an open poll of this test alone on the site."""

    def make(options=("Yes", "No"), **details):
        now = datetime.now(UTC)
        new = NewPoll(
            "Is it so?",
            options=options,
            not_sure="Not sure",
            slug=f"own-{next(_numbers)}",
            **details,
        )
        with site.app_context():
            return get_poll(add_poll(new, opens_at=OPENED, now=now), now=now)

    return make


@pytest.fixture
def held(site):
    """What a poll's ballots hold: the labels chosen in each counted ballot."""

    def look(poll):
        found = rows(
            site,
            "SELECT hex(c.voter_key), o.label FROM choices c JOIN options o ON o.id = c.option_id"
            " WHERE c.poll_id = :poll ORDER BY 1, 2",
            poll=poll.id,
        )
        by_ballot = itertools.groupby(found, lambda row: row[0])
        return sorted([label for _, label in ballot] for _, ballot in by_ballot)

    return look


_numbers = itertools.count(1)
