"""Pictures as PNG: one at a time, a few kept, so that asking for many makes nobody else wait.

To draw one takes a tenth of a second or more of a core, in a process of its own (draw_png.py), so
that votes go on meanwhile. A picture that is asked for again is not drawn again; while one is
drawn, one more request waits and all others are told to come back. Of pictures as of an earlier
moment there is no end, so they have a place and a memory of their own: whoever asks for all of them
keeps nobody from a current one.
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
_Kept = OrderedDict[bytes, bytes]
_kept: _Kept = OrderedDict()
_kept_earlier: _Kept = OrderedDict()
_inside = threading.BoundedSemaphore(_AT_ONCE)
_inside_earlier = threading.BoundedSemaphore(1)
_drawing = threading.Lock()


def to_png(svg: str, *, earlier: bool = False) -> bytes:
    """The picture as PNG; `earlier`: as of a moment that is over. Raises Busy while others are
    drawn."""
    key = hashlib.sha256(svg.encode()).digest()
    kept, inside = (_kept_earlier, _inside_earlier) if earlier else (_kept, _inside)
    if png := kept.get(key):
        return png
    if not inside.acquire(blocking=False):
        raise _others_first()
    try:
        with _drawing:
            return kept.get(key) or _keep(kept, key, _draw(svg))
    finally:
        inside.release()


def _keep(kept: _Kept, key: bytes, png: bytes) -> bytes:
    kept[key] = png
    if len(kept) > MOST_KEPT:
        kept.popitem(last=False)
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
