"""The packages: what they hold, and that the wheel alone, in an empty environment, serves the site."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tarfile
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from poll_app import __version__
from poll_app.config import setting_fields

ROOT = Path(__file__).parent.parent
TREE = ("poll_app", "templates", "static", "tests", "docs", "tools", "instance")
START_S = 60
VOTES = secrets.token_hex(16)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the checkout as a running installation leaves it: with votes and with its key."""
    copy = tmp_path_factory.mktemp("checkout")
    for entry in ROOT.iterdir():
        if entry.is_file():
            shutil.copy(entry, copy)
        elif entry.name in TREE:
            shutil.copytree(entry, copy / entry.name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("poll_app.sqlite", "poll_app.sqlite-wal", "secret_key", ".env"):
        (copy / "instance" / name).write_text(VOTES)
    (copy / "votes.sqlite").write_text(VOTES)
    return copy


@pytest.fixture(scope="module")
def packages(checkout, tmp_path_factory):
    """The folder with the wheel and the source archive."""
    folder = tmp_path_factory.mktemp("dist")
    words = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-d",
        str(folder),
        "-t",
        "wheel",
        "-t",
        "sdist",
    ]
    done = subprocess.run(words, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(packages, tmp_path_factory):
    """The commands of an environment that has the program from the wheel alone."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    # Offline: the libraries come from the environment of the tests. Their own .pth files, such as
    # that of an editable install of the checkout, are not read from there.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (wheel,) = packages.glob("*.whl")
    words = [
        "-m",
        "pip",
        "--python",
        str(folder),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(wheel),
    ]
    subprocess.run([sys.executable, *words], check=True, env=clean())
    return folder / ("Scripts" if os.name == "nt" else "bin")


def clean(**settings):
    """The environment without what could lead back to the checkout."""
    ours = {known.metadata["name"] for known in setting_fields()} | {"PYTHONPATH", "PYTHONHOME"}
    return {name: value for name, value in os.environ.items() if name not in ours} | settings


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def fetch(url, process):
    """The page, as soon as the server answers."""
    until = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(url, timeout=START_S) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError:
            raise
        except OSError:
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)


def test_the_wheel_holds_the_program_with_its_pages_and_nothing_else(packages):
    (wheel,) = packages.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())

    info = f"poll_app-{__version__}.dist-info"
    assert {
        "poll_app/models/content.py",
        "poll_app/templates/layout.html",
        "poll_app/static/css/base.css",
        "poll_app/migrations/alembic.ini",
        f"{info}/licenses/LICENSE",
    } <= names
    assert {name.split("/")[0] for name in names} == {"poll_app", info}
    for folder in ("templates", "static", "migrations/versions"):
        source = ROOT / folder if (ROOT / folder).is_dir() else ROOT / "poll_app" / folder
        files = {
            path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()
        }
        expected = {f"poll_app/{folder}/{name}" for name in files if not name.endswith(".pyc")}
        assert expected <= names
    assert not any(name.endswith((".sqlite", ".pyc", "secret_key", ".env")) for name in names)


def test_the_source_archive_holds_what_its_scripts_need_and_never_the_votes(packages):
    (archive,) = packages.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        names = {name.partition("/")[2] for name in file.getnames()}
        modes = {member.name.partition("/")[2]: member.mode for member in file.getmembers()}
        texts = b"".join(
            file.extractfile(member).read() for member in file.getmembers() if member.isfile()
        )

    assert {
        "run", "test", "tools/venv.sh", "constraints.txt", "pyproject.toml", "README.md", "LICENSE",
        "templates/layout.html", "static/css/base.css", "tests/conftest.py", "poll_app/models/content.py",
    } <= names  # fmt: skip
    assert modes["run"] & modes["test"] & 0o111
    assert [
        name for name in names if name.startswith("instance/") and name != "instance/.gitkeep"
    ] == []
    assert [
        name for name in names if name.endswith((".sqlite", "-wal", "secret_key", ".env", ".pyc"))
    ] == []
    assert VOTES.encode() not in texts


def test_the_wheel_alone_serves_the_site_and_ends_when_told_to(installed, tmp_path):
    port = free_port()
    environ = clean(POLL_DATA_DIR=str(tmp_path / "data"), POLL_PORT=str(port), POLL_WORKERS="1")
    program = [str(installed / "python"), "-c", "import poll_app; print(poll_app.__file__)"]
    found = subprocess.run(
        program, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(installed.parent)

    subprocess.run([str(installed / "poll-app"), "init"], cwd=tmp_path, env=environ, check=True)
    process = subprocess.Popen(
        [str(installed / "poll-app"), "serve"],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        status, headers, page = fetch(f"http://127.0.0.1:{port}/", process)
        sheet = (
            page.partition('<link rel="stylesheet" href="')[2]
            .partition('"')[0]
            .replace("&amp;", "&")
        )
        styled, kept, style = fetch(f"http://127.0.0.1:{port}{sheet}", process)
    finally:
        process.send_signal(signal.SIGTERM)
        said, errors = process.communicate(timeout=START_S)

    assert (status, headers.get_content_type()) == (200, "text/html")
    assert "What lies ahead" in page
    assert (styled, kept.get_content_type()) == (200, "text/css")
    assert "immutable" in kept["Cache-Control"]
    assert "{" in style
    assert process.returncode == 0
    assert f"127.0.0.1:{port}" in said
    assert "Traceback" not in errors
    assert (tmp_path / "data" / "poll_app.sqlite").exists()
