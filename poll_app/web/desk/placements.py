"""Places at the desk: where readers come upon questions, by the names that editors give them."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField

from poll_app.domain.refusals import NotFound, Refusal
from poll_app.services.desk.placements import (
    add_placement,
    rename_placement,
    restore_placement,
    retire_placement,
)
from poll_app.services.placements import list_placements
from poll_app.web.caching import private
from poll_app.web.desk.forms import DeskForm
from poll_app.web.desk.guard import desk_blueprint, person

bp = desk_blueprint("desk_placements", __name__, path="/places", right="edit")

_ID = "<int(max=2147483647):placement_id>"
# What one button does to a place, and what is said afterwards.
_ACTS = {
    "retire": (retire_placement, _l("Retired. Links that are out there go on counting.")),
    "restore": (restore_placement, _l("It is offered again.")),
}


class PlacementForm(DeskForm):
    """The name of a place."""

    name = StringField(_l("Name"))


@bp.get("")
def placements() -> Response:
    """Every place, and the form for a new one."""
    return _page(PlacementForm(formdata=None))


@bp.post("")
def add() -> BaseResponse:
    """Names a place."""
    form = PlacementForm()
    try:
        name = add_placement(form.name.data or "", by=person(), now=datetime.now(UTC))
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(form, status=422)
    flash(_("“%(name)s” is offered beside the embed code of every question.", name=name))
    return _back()


@bp.post(f"/{_ID}/rename")
def rename(placement_id: int) -> BaseResponse:
    """Gives it another name."""
    form = PlacementForm(prefix=_prefix(placement_id))
    try:
        rename_placement(placement_id, form.name.data or "", by=person(), now=datetime.now(UTC))
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(PlacementForm(formdata=None), renamed=(placement_id, form), status=422)
    flash(_("The place has a new name. Its links stay the same."))
    return _back()


@bp.post(f"/{_ID}/<any('retire','restore'):act>")
def change(placement_id: int, act: str) -> BaseResponse:
    """Takes it off the offer, or puts it back."""
    use_case, said = _ACTS[act]
    use_case(placement_id, by=person(), now=datetime.now(UTC))
    flash(str(said))
    return _back()


def _prefix(placement_id: int) -> str:
    """Sets the forms of one page apart."""
    return f"place-{placement_id}-"


def _back() -> BaseResponse:
    return redirect("/editor/places", 303)


def _page(
    form: PlacementForm,
    *,
    renamed: tuple[int, PlacementForm] | None = None,
    status: int = 200,
) -> Response:
    """The list; `renamed`: a new name that was refused, and of which place."""
    places = list_placements(retired=True)
    names = {
        place.id: renamed[1]
        if renamed and renamed[0] == place.id
        else PlacementForm(formdata=None, data={"name": place.name}, prefix=_prefix(place.id))
        for place in places
    }
    page = render_template("desk/placements.html", form=form, places=places, names=names)
    return private(page, status)
