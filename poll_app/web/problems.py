"""A refusal or a fault as programs read it: problem+json (RFC 9457)."""

from __future__ import annotations

import json

PROBLEM = "application/problem+json"


def problem(title: str, status: int, detail: str) -> str:
    """The problem in words; its kind is what the status says."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return json.dumps(told, ensure_ascii=False)
