"""A question as it stands on a page: its options shuffled, their order signed, the own answer."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from flask import current_app
from itsdangerous import BadSignature, Signer

from poll_app.domain.refusals import Malformed
from poll_app.domain.sentences import sentence
from poll_app.domain.voters import Voter
from poll_app.domain.voting import Choosable, shuffled
from poll_app.services.poll_stories import Story, story_of
from poll_app.services.poll_views import PollView
from poll_app.services.voting import OwnAnswer, find_own_answer
from poll_app.web.placements import token_for


@dataclass(frozen=True)
class Card:
    """A question as it stands on a page: its options in the order of this rendering, that order
    signed, the reader's own answer, after a refusal what was chosen and what is wrong, and what
    has become of its words and its times; `at`: the place where the reader came upon it, signed.
    """

    poll: PollView
    options: tuple[Choosable, ...]
    order: str
    own: OwnAnswer | None
    chosen: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    story: Story = Story()
    at: str = ""


def card_of(
    poll: PollView,
    voter: Voter | None,
    *,
    chosen: tuple[str, ...] = (),
    errors: tuple[str, ...] = (),
    placement_id: int | None = None,
) -> Card:
    """The question for this reader; after a refusal with what was chosen and what is wrong."""
    options = shuffled(poll.options, _randomness_for(poll, voter))
    order = _order_signer(poll).sign(".".join(str(option.id) for option in options)).decode()
    own = find_own_answer(poll, voter)
    if own and not (chosen or errors):
        chosen = tuple(str(option_id) for option_id in own.option_ids)
    at = token_for("poll", poll.slug, placement_id) if placement_id else ""
    return Card(poll, options, order, own, chosen, errors, story_of(poll), at)


def _randomness_for(poll: PollView, voter: Voter | None) -> random.Random:
    """The same at every look of a reader whom we know again, another one in every question."""
    if voter is None:
        return random.SystemRandom()
    seed = voter.key_in(poll.voter_salt) + str(poll.id).encode()
    return random.Random(seed)  # noqa: S311 - an order is no secret


def preview_card(poll: PollView) -> Card:
    """The question as readers will see it; a draft as if it were open."""
    shown = replace(poll, status="open") if poll.status == "draft" else poll
    return Card(shown, poll.options, "", None, story=story_of(poll))


def shown_places(poll: PollView, order: str) -> dict[int, int]:
    """The place (from 1) of each option on the page that was sent back; {} for none.

    Raises Malformed when the order was tampered with or belongs to another question.
    """
    if not order:
        return {}
    try:
        ids = _order_signer(poll).unsign(order).decode().split(".")
    except BadSignature as error:
        raise Malformed(
            sentence("This form is damaged. Open the question again and send it from there.")
        ) from error
    return {int(option_id): place for place, option_id in enumerate(ids, 1)}


def _order_signer(poll: PollView) -> Signer:
    return Signer(current_app.secret_key or "", salt=f"option order {poll.id}")
