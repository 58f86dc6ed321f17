"""The files that the guards look at."""

from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PROGRAM = ROOT / "poll_app"
TEMPLATES = ROOT / "templates"


def files(folder, pattern):
    """The files below a folder of the checkout, by their path from its root; caches left out."""
    found = (
        path for path in sorted((ROOT / folder).rglob(pattern)) if "__pycache__" not in path.parts
    )
    return {path.relative_to(ROOT).as_posix(): path for path in found}


def modules():
    """Every module of the program; what alembic writes is not ours to shape."""
    return {
        name: path for name, path in files("poll_app", "*.py").items() if "/versions/" not in name
    }
