"""The browser that asks: the name it goes by in the list of sessions, and whether it has signed in
to an account before."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from poll_app.config import Settings

DEVICE_DAYS = 180
# Looked for in this order: most browsers also name the ones they are compatible with.
_FAMILIES = (
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Edg", "Edge"), ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"), ("Safari/", "Safari"), ("Lynx/", "Lynx"), ("w3m/", "w3m"),
)  # fmt: skip
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_label() -> str:
    """Family and system of the browser that asks, such as “Firefox, Linux”; "" for others."""
    agent = request.user_agent.string
    named = (
        next((name for mark, name in known if mark in agent), None)
        for known in (_FAMILIES, _SYSTEMS)
    )
    return ", ".join(name for name in named if name)


def find_device(email: str) -> str | None:
    """The number of this browser, if it has signed in with this address before."""
    try:
        owner, number = _signer().loads(
            request.cookies.get(_cookie_name(), ""), max_age=DEVICE_DAYS * 86_400
        )
    except (BadSignature, TypeError, ValueError):
        return None
    return str(number) if hmac.compare_digest(str(owner), _owner(email)) else None


def remember_device(response: Response, email: str) -> None:
    """Lets this browser be known again when somebody signs in with this address."""
    settings = _settings()
    number = find_device(email) or secrets.token_urlsafe(16)
    response.set_cookie(
        _cookie_name(),
        _signer().dumps([_owner(email), number]),
        max_age=DEVICE_DAYS * 86_400,
        secure=settings.secure,
        httponly=True,
        samesite="Lax",
    )


def _owner(email: str) -> str:
    """Stands for the address, which is nobody's business who reads the cookie."""
    said = f"device {email.strip().lower()}".encode("utf-8", "replace")
    return hmac.digest(_settings().secret_key.encode(), said, hashlib.sha256).hex()[:32]


def _cookie_name() -> str:
    return "__Host-device" if _settings().secure else "device"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_settings().secret_key, salt="device")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
