"""Somebody who can sign in, and how they do it."""

import re
from datetime import UTC, datetime

from poll_app.database import writing
from poll_app.models import Account
from tests.desk_client import CHEAP_HASH, PASSWORD

EMAIL = "alice@paper.example"


def put_person(
    app, email=EMAIL, *, role="editor", name="Alice Person", password_hash=CHEAP_HASH, **facts
):
    """Stores an account whose password is PASSWORD; its id."""
    with app.app_context(), writing() as session:
        account = Account(
            email=email, name=name, role=role, password_hash=password_hash,
            created_at=datetime.now(UTC), **facts,
        )  # fmt: skip
        session.add(account)
        session.flush()
        return account.id


def token_of(client, path="/editor/sign-in"):
    """The token that stands in the forms of this page."""
    page = client.get(path).get_data(as_text=True)
    return re.search(r'name="csrf_token" value="([^"]+)"', page)[1]


def sign_in_as(client, email=EMAIL, password=PASSWORD, *, path="/editor/sign-in", **fields):
    """Opens the page and sends its form."""
    data = {"csrf_token": token_of(client), "email": email, "password": password, **fields}
    return client.post(path, data=data)
