"""Names: none may pass for somebody of the newsroom."""

import pytest

from poll_app.domain.discussion.names import refuse_impersonation, skeleton
from poll_app.domain.refusals import Refusal

TAKEN = ("Ada Byron", "Ole", "The Daily Bugle", "—")


@pytest.mark.parametrize(
    "name",
    [
        "Editor", "The Editors", "e d i t o r", "Ed1tor", "Еditоr", "ＥＤＩＴＯＲ", "Chef-Redakteurin", "Editorial team",
        "Moderator", "moderat0r", "Admin", "an ADMIN", "Staff", "Redaktion", "Mod",
        "Administrator", "Moderation", "La Rédaction", "ᴇᴅɪᴛᴏʀ", "Anna ✓", "✔ Anna",
        "Ada Byron", "ada byron", "AdaByron", "Ada  Byron (here)", "Àda Byrón", "Аda Вyron", "Ada_Byron", "Ada Вyгon",
        "Ole", "0le", "O.l.e", "The Daily Bugle", "the dai1y bugle", "The Daily Bugle desk",
    ],
)  # fmt: skip
def test_a_name_that_reads_like_the_newsroom_is_refused(name):
    with pytest.raises(Refusal, match="newsroom") as refused:
        refuse_impersonation(name, taken=TAKEN)

    assert refused.value.field == "name"


@pytest.mark.parametrize(
    "name",
    ["Anna", "Ada", "Byron", "Ole Hansen", "Bugle fan", "Modesta", "Moderate", "Stafford", "محمد", "李", "Badminton player", "Daily reader", "…"],
)  # fmt: skip
def test_other_names_are_free(name):
    refuse_impersonation(name, taken=TAKEN)


def test_what_looks_the_same_has_one_skeleton():
    assert skeleton("Ｐаuｌ") == skeleton("PAUL") == skeleton("pau1")
    assert skeleton("modern") == skeleton("modem")
