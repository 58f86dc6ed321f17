"""Signing in and out."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

bp = Blueprint("sign_in", __name__, url_prefix="/editor")


@bp.get("/sign-in")
def sign_in() -> Response:
    """The form."""
    return Response(render_template("people/sign_in.html"))


@bp.post("/sign-out")
def sign_out() -> Response:
    """Ends the session."""
    return Response()
