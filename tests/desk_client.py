"""A browser that is signed in at the desk; its posts carry the token of its pages."""

from datetime import UTC, datetime

from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import encode_multipart

from poll_app.database import writing
from poll_app.models import Account
from poll_app.services.people.sign_ins import start_sign_in
from tests.inspecting_client import InspectingClient

PASSWORD = "tripod velvet marsh onion"
# The same with the least work that scrypt can do: tests sign in a hundred times.
CHEAP_HASH = "scrypt:2:1:1$c2FsdA==$PqgeQ7qT2Q0cLJ+E51bpav8CvBH6eKVTZM8KQquO9yY="
_RAW = "the raw token in the session"


class DeskClient(InspectingClient):
    """Adds the token to each post, unless `token=False`."""

    def post(self, *args, token=True, data=None, **kwargs):
        if token:
            secret = self.application.secret_key
            signed = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(_RAW)
            pairs = data if isinstance(data, list) else list((data or {}).items())
            data = {}
            for name, value in [*pairs, ("csrf_token", signed)]:
                data.setdefault(name, []).append(value)
        if kwargs.get("content_type") == "multipart/form-data":  # in memory, however long it is
            boundary, data = encode_multipart(data)
            kwargs["content_type"] += f"; boundary={boundary}"
        return super().post(*args, data=data, **kwargs)


def signed_in_client(app, role, *, email=None, name=None):
    """A browser where a new person with this role is signed in; `client.person_id` is their id."""
    now = datetime.now(UTC)
    with app.app_context(), writing() as session:
        account = Account(
            email=email or f"{role}@paper.example", name=name or f"{role.title()} Person",
            role=role, password_hash=CHEAP_HASH, created_at=now,
        )  # fmt: skip
        session.add(account)
        session.flush()
        token = start_sign_in(session, account, browser="Test", now=now)
        person_id = account.id
    client = DeskClient(app, app.response_class, use_cookies=True)
    client.person_id = person_id
    with client.session_transaction("/editor/") as cookie:
        cookie.update(sign_in=token, csrf_token=_RAW)
    return client
