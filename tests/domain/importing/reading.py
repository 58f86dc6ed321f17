"""Short words for the tests of reading: a text read, and what an article is made of."""

from poll_app.domain.importing import ImportedArticle, read_article


def read(text: str, filename: str = "a.txt", title: str | None = None) -> ImportedArticle:
    return read_article(text.encode(), filename=filename, title=title)


def shape(article: ImportedArticle) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in article.blocks]
