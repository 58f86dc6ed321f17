"""What the program says no to: each refusal carries the sentence the person reads."""

from __future__ import annotations

from poll_app.domain.sentences import Sentence, sentence


class Refusal(Exception):
    """Something understood but not acceptable; nothing was changed.

    `sentence` is what the person reads, `field` the form field it belongs to (None: the whole).
    """

    def __init__(self, sentence: Sentence, *, field: str | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


class NotFound(Refusal):
    """No such thing, or nothing that this person may know of."""


class Moved(NotFound):
    """It stands at another address now: `slug` instead of the one asked for."""

    def __init__(self, sentence: Sentence, *, slug: str) -> None:
        super().__init__(sentence)
        self.slug = slug


class NotOpen(Refusal):
    """The poll does not take ballots now; the sentence says since or until when."""


class Outdated(Refusal):
    """Somebody else has saved it since this form was opened; the form shows what differs."""

    def __init__(self, told: Sentence | None = None) -> None:
        super().__init__(
            told
            or sentence(
                "Somebody else has saved changes since you opened this form. Nothing of yours is "
                "stored yet: compare below, then save again."
            )
        )


class Malformed(Refusal):
    """The request itself is damaged, a signature for example: no form could have sent it."""


class TooMany(Refusal):
    """Done so often lately that it has to wait; the sentence says whether to come back."""


class Busy(Refusal):
    """The program can't take this now; nothing is half done, trying again later will work."""
