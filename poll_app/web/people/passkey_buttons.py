"""What a page needs so that its script can ask the browser for a passkey."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app
from flask import session as cookie

from poll_app.config import Settings
from poll_app.domain.accounts import Person
from poll_app.services.people.passkeys import (
    Challenge,
    Site,
    are_offered,
    new_challenge,
    registration_options,
    sign_in_options,
)

_KEY = "challenge"


@dataclass(frozen=True)
class PasskeyButton:
    """Options for the browser as JSON; where to go once signed in."""

    options: str
    next: str = ""


def passkey_site() -> Site:
    """Where the passkeys of this installation are good."""
    settings: Settings = current_app.extensions["settings"]
    return Site(settings.public_url, settings.site_name)


def passkey_sign_in(target: str) -> PasskeyButton | None:
    """The way to sign in with a passkey; None where there are none."""
    site = passkey_site()
    return PasskeyButton(sign_in_options(site, _kept()), target) if are_offered(site) else None


def passkey_making(person: Person) -> PasskeyButton | None:
    """The way to make one; None where there are none."""
    site = passkey_site()
    if not are_offered(site):
        return None
    return PasskeyButton(registration_options(person, site, _kept()))


def take_challenge() -> Challenge | None:
    """What this browser was asked to sign last; None for a browser that was asked nothing."""
    text, made_at = cookie.pop(_KEY, ("", ""))
    if not text:
        return None
    return Challenge(base64.b64decode(text), datetime.fromisoformat(made_at))


def _kept() -> Challenge:
    challenge = new_challenge(datetime.now(UTC))
    cookie[_KEY] = (base64.b64encode(challenge.text).decode(), challenge.made_at.isoformat())
    return challenge
