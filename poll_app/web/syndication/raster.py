"""Pictures as PNG: one at a time, a few kept, so that asking for many makes nobody else wait.

To draw one takes a tenth of a second or more of a core, in a process of its own (draw_png.py), so
that votes go on meanwhile. A picture that is asked for again is not drawn again; while one is
drawn, one more request waits and all others are told to come back.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections import OrderedDict
from pathlib import Path

from poll_app.domain.refusals import Busy
from poll_app.domain.sentences import sentence
from poll_app.web.syndication.lettering import FILES, FOLDER, SERIF, is_ours

MOST_KEPT = 200
_AT_ONCE = 2
_DRAW_S = 20

_font_files = [str(FOLDER / name) for names in FILES.values() for name in names]
_kept: OrderedDict[bytes, bytes] = OrderedDict()
_inside = threading.BoundedSemaphore(_AT_ONCE)
_drawing = threading.Lock()


def to_png(svg: str) -> bytes:
    """The picture as PNG. Raises Busy while others are drawn."""
    key = hashlib.sha256(svg.encode()).digest()
    if png := _kept.get(key):
        return png
    if not _inside.acquire(blocking=False):
        raise _others_first()
    try:
        with _drawing:
            return _kept.get(key) or _keep(key, _draw(svg))
    finally:
        _inside.release()


def _keep(key: bytes, png: bytes) -> bytes:
    _kept[key] = png
    if len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return png


def _draw(svg: str) -> bytes:
    # The fonts of the machine are read for what ours can't draw alone: that takes longer, and what
    # they are differs from machine to machine.
    asked = {
        "svg_string": svg,
        "font_files": _font_files,
        "skip_system_fonts": is_ours(svg.replace("\n", " ")),
        "font_family": SERIF,
        "serif_family": SERIF,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(__file__).with_name("draw_png.py"))],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=_DRAW_S,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise _others_first() from None
    return done.stdout


def _others_first() -> Busy:
    return Busy(sentence("Other pictures are being drawn. Try again shortly."))
