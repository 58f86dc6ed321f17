"""A form of a stored poll that was refused: shown again with what was typed and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response

from poll_app.domain.refusals import NotFound, Outdated, Refusal
from poll_app.services.desk.poll_lists import DeskPoll, get_desk_poll
from poll_app.web.desk.poll_forms import PollForm
from poll_app.web.desk.polls import now_at_desk


def refused(
    page: Callable[..., Response],
    template: str,
    form: PollForm,
    refusal: Refusal,
    found: DeskPoll,
    stored: Callable[[DeskPoll], Mapping[str, object]],
) -> Response:
    """The form again with 422; with 409 and the differences to what is `stored` now, where somebody
    else saved the poll meanwhile: sent again, it stands on that. Raises NotFound as it is."""
    if isinstance(refusal, NotFound):
        raise refusal
    form.refuse(refusal)
    if not isinstance(refusal, Outdated):
        return page(template, form, found, 422)
    found = get_desk_poll(found.slug, now=now_at_desk())
    form.revision.data = str(found.revision)
    now_stored = {
        name: value for name, value in stored(found).items() if name in form and name != "revision"
    }
    return page(template, form, found, 409, differences=form.differences(now_stored))
