"""The record: every act of the people with an account, and which of them readers see too."""

from __future__ import annotations

from poll_app.domain.polls import clean_text
from poll_app.domain.refusals import Refusal
from poll_app.domain.sentences import Sentence, sentence

# Each act by its code, in the words of the record. Those of the second group touch a result.
_INTERNAL: dict[str, Sentence] = {
    "article.added": sentence("Added an article"),
    "article.edited": sentence("Edited an article"),
    "article.published": sentence("Published an article"),
    "article.withdrawn": sentence("Withdrew an article"),
    "article.restored": sentence("Published a withdrawn article again"),
    "article.deleted": sentence("Deleted a draft article"),
    "poll.added": sentence("Added a question"),
    "poll.edited": sentence("Edited a question before its first answer"),
    "poll.moved": sentence("Changed the place of a question"),
    "poll.scheduled": sentence("Set the times of a question"),
    "poll.deleted": sentence("Deleted a draft question"),
    "placement.added": sentence("Named a place for links"),
    "placement.renamed": sentence("Renamed a place for links"),
    "placement.retired": sentence("Retired a place for links"),
    "placement.restored": sentence("Brought back a place for links"),
    "article.discussion": sentence("Changed when and how readers discuss an article"),
    "reason.published": sentence("Published or kept a reader’s text"),
    "reason.rejected": sentence("Rejected a reader’s text"),
    "reason.held": sentence("Held a reader’s text"),
    "reason.removed": sentence("Removed a reader’s text"),
    "reason.erased": sentence("Erased a reader’s text for good"),
    "reason.replied": sentence("Replied to a reader"),
    "reason.undone": sentence("Undid a decision about a reader’s text"),
    "account.added": sentence("Added an account on the command line"),
    "account.invited": sentence("Invited somebody"),
    "account.joined": sentence("Accepted an invitation"),
    "account.renamed": sentence("Changed a name"),
    "account.role": sentence("Changed a role"),
    "account.disabled": sentence("Disabled an account"),
    "account.enabled": sentence("Enabled an account again"),
    "account.password": sentence("Changed a password"),
    "account.factor": sentence("Changed how somebody signs in"),
    "account.signed_out": sentence("Ended sessions"),
}
_PUBLIC: dict[str, Sentence] = {
    "article.compared": sentence("Let answers to its questions be compared"),
    "article.kept_apart": sentence("Kept answers to its questions apart again"),
    "poll.opened": sentence("Opened voting"),
    "poll.closed": sentence("Closed voting"),
    "poll.reopened": sentence("Reopened voting"),
    "poll.closing_moved": sentence("Moved the end of voting"),
    "poll.corrected": sentence("Corrected the wording"),
    "poll.reworded": sentence("Started a new wording"),
    "outcome.recorded": sentence("Recorded the outcome"),
    "outcome.changed": sentence("Changed the recorded outcome"),
    "survey.added": sentence("Put a survey beside the result"),
    "survey.removed": sentence("Took a survey away"),
}
MAX_REASON_LENGTH = 500

ACTS = {**_INTERNAL, **_PUBLIC}


def clean_reason(text: str, *, field: str = "reason") -> str:
    """Why somebody did this, in a sentence. Raises Refusal when it is blank or too long."""
    if not text.strip():
        raise Refusal(sentence("Say why, in a sentence. It is kept in the record."), field=field)
    return clean_text(text, limit=MAX_REASON_LENGTH, field=field)


def is_public(act: str) -> bool:
    """Whether readers see this act in the public ledger: it touches a result."""
    return act in _PUBLIC


def is_reason_public(act: str) -> bool:
    """Whether readers see why: not at the opening, where the reason answers the question check."""
    return is_public(act) and act != "poll.opened"


# What stood before and after is kept by these names; each as people read it.
FIELDS: dict[str, Sentence] = {
    "article": sentence("Article"),
    "asked_from": sentence("Asked from"),
    "asked_to": sentence("Asked until"),
    "body": sentence("Text"),
    "closes_at": sentence("Closes"),
    "codes": sentence("Why"),
    "discussion_closes_at": sentence("Discussion closes"),
    "discussion_opens_at": sentence("Discussion opens"),
    "discussion_prompt": sentence("Prompt for the discussion"),
    "email": sentence("E-mail address"),
    "hints": sentence("Hints that were overruled"),
    "happened_on": sentence("Day of the outcome"),
    "in_spite": sentence("Why in spite of the hints"),
    "institute": sentence("Institute"),
    "language": sentence("Language"),
    "max_choices": sentence("Most answers"),
    "method": sentence("Method"),
    "min_choices": sentence("Fewest answers"),
    "moderation": sentence("Moderation"),
    "name": sentence("Name"),
    "not_sure": sentence("Answer for the undecided"),
    "opens_at": sentence("Opens"),
    "option": sentence("Option"),
    "options": sentence("Options"),
    "outcome": sentence("Outcome"),
    "passkey": sentence("Passkey"),
    "people": sentence("People asked"),
    "place": sentence("Place"),
    "population": sentence("Population"),
    "question": sentence("Question"),
    "recovery_codes": sentence("New recovery codes"),
    "results_policy": sentence("Results are shown"),
    "reviewed": sentence("Reports that were known"),
    "revision": sentence("Version of the text"),
    "role": sentence("Role"),
    "second_factor": sentence("Second factor"),
    "shares": sentence("Shares"),
    "slug": sentence("Address"),
    "source": sentence("Source"),
    "source_url": sentence("Link to the source"),
    "state": sentence("State"),
    "standfirst": sentence("Standfirst"),
    "text": sentence("Text"),
    "title": sentence("Title"),
    "url": sentence("Link"),
    "wording_version": sentence("Wording"),
}

# What the newsroom keeps to itself of an act that readers see.
INTERNAL_FIELDS = frozenset({"hints", "in_spite"})
