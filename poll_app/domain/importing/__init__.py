"""Importing: an editor's file becomes an article whose closing questions are proposed as polls."""

from __future__ import annotations

from poll_app.domain.importing.files import MAX_ARTICLE_BYTES
from poll_app.domain.importing.reading import ImportedArticle, read_article

__all__ = ["MAX_ARTICLE_BYTES", "ImportedArticle", "read_article"]
