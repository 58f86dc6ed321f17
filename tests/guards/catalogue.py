"""The texts of the program as a translator gets them, and a catalogue that marks every one."""

from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from tests.guards.tree import ROOT

SINGLE = ("-k", "_", "-k", "_l", "-k", "gettext", "-k", "sentence")
PLURAL = ("-k", "ngettext:1,2", "-k", "sentences:1,2")


def extracted(folder, keywords=SINGLE + PLURAL):
    """Every message of the program and its templates that these keywords mark."""
    pot = folder / "messages.pot"
    words = ["extract", "-F", str(ROOT / "pyproject.toml"), "--no-default-keywords", *keywords]
    CommandLineInterface().run(["pybabel", "-q", *words, "-o", str(pot), str(ROOT)])
    with pot.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def marked(folder, locale):
    """A folder of translations in which every text of this language stands between ⟦ and ⟧, a
    plural form with its number before it: ⟦0:one ballot⟧, ⟦1:2 ballots⟧.
    """
    catalog = Catalog(locale=locale)
    for message in extracted(folder):
        if isinstance(message.id, str):
            catalog.add(message.id, f"⟦{message.id}⟧", flags=message.flags)
        else:
            many = message.id[1]
            forms = tuple(f"⟦{form}:{many}⟧" for form in range(catalog.num_plurals))
            catalog.add(message.id, forms, flags=message.flags)
    place = folder / "translations" / locale / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    return folder / "translations"
