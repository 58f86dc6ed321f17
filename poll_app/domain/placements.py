"""Placements: the places an editor names where readers may come upon a question."""

from __future__ import annotations

MAX_PLACEMENT_LENGTH = 60
