"""What an article may be: its limits and its slug."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Literal

MAX_TITLE_LENGTH = 200
MAX_STANDFIRST_LENGTH = 600
MAX_SLUG_LENGTH = 80

# Addresses of the desk's own pages, beside which articles and questions stand.
RESERVED_SLUGS = frozenset({"import", "new"})

ArticleState = Literal["draft", "published", "withdrawn"]
ARTICLE_STATES: tuple[ArticleState, ...] = ("draft", "published", "withdrawn")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def article_state(published_at: datetime | None, withdrawn_at: datetime | None) -> ArticleState:
    """The state of an article by its times; one that was never public is a draft."""
    if published_at is None:
        return "draft"
    return "published" if withdrawn_at is None else "withdrawn"


def is_slug(text: str) -> bool:
    """Whether `text` can stand in an address: a-z, 0-9 and single hyphens, 1 to 80 characters."""
    return len(text) <= MAX_SLUG_LENGTH and _SLUG.fullmatch(text) is not None


def propose_slug(text: str) -> str:
    """A slug made of the words of `text`, cut at a word; may be "" for scripts without a-z."""
    plain = (
        unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    )
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:MAX_SLUG_LENGTH]
        if len(longer) > MAX_SLUG_LENGTH:
            break
        slug = longer
    return slug
