"""Draws one picture, run as a program of its own (raster.py): the library holds up every thread of
the process that it draws in. Standard input: its arguments as JSON; standard output: the PNG."""

from __future__ import annotations

import json
import os
import sys

import resvg_py

_BEHIND_VOTES = 5


def main() -> None:
    """Draws what is asked for, when nobody else wants the core."""
    os.nice(_BEHIND_VOTES)
    sys.stdout.buffer.write(resvg_py.svg_to_bytes(**json.loads(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
