"""What the JSON of the details of a result holds."""

from __future__ import annotations

from poll_app.web.openapi.shapes import (
    Schema,
    count,
    day,
    moment,
    obj,
    or_null,
    percent,
    several,
    text,
)

_OPTION = count("The number of the option", 1)
_SHARES = several(
    obj("A share", option=_OPTION, percent_label=text("As shown, such as “<1%”")), "Of each option"
)
_NET = {"type": "integer", "description": "Ballots that came, less those withdrawn"}


def _group(meaning: str) -> Schema:
    return obj(meaning, ballots=count("How many"), percents=_SHARES)


DETAILS = obj(
    "What is known beyond the figures. Null is what has too little to be shown, and everything "
    "while figures are hidden; how much each part needs stands in docs/results.md and on /method",
    counted_at=or_null(moment("When this was counted; it may be up to an hour old")),
    ballots=or_null(count("Ballots that counted then")),
    over_time=or_null(
        several(
            obj(
                "A day, or several",
                **{"from": day("First day, in the zone of the site"), "to": day("Last day")},
                ballots=_NET,
                ballots_in_seven_days=count("Cast or changed in the seven days up to the last"),
                percents=or_null(
                    several(
                        obj(
                            "A share",
                            option=_OPTION,
                            percent=percent("Rounded"),
                            percent_label=text("As shown"),
                        ),
                        "Of these ballots; null where they are few",
                    )
                ),
            ),
            "Day by day",
        )
    ),
    changes_of_mind=or_null(
        obj(
            "Readers who answered more than once, compared with themselves",
            readers=count("How many still have a ballot that counts"),
            kept=or_null(count("How many ended where they began; null with several answers")),
            withdrew=count("How many took their answer back"),
            options=several(
                obj(
                    "An option",
                    option=_OPTION,
                    first=count("Said it at first"),
                    now=count("Say it now"),
                    came=count("Came to it"),
                    left=count("Left it"),
                ),
                "Each option",
            ),
            moves=several(
                obj(
                    "A way from one option to another",
                    **{"from": _OPTION, "to": _OPTION},
                    readers=count("How many went it", 1),
                ),
                "Which ways were gone",
            ),
            more_to=or_null(_OPTION),
        )
    ),
    looked_before=or_null(
        obj(
            "Readers who asked to see the result before they voted, beside all others",
            had_looked=_group("Those who had"),
            had_not=_group("All others"),
        )
    ),
    first_place=or_null(
        obj(
            "How often the option that stood first was chosen",
            answers=count("Answers whose place on the list is known"),
            first=count("Of these, for the first place"),
            percent_label=text("The same as a share"),
            options=count("Options in random order", 2),
        )
    ),
    places=or_null(
        obj(
            "Where ballots were first cast, at places that editors named",
            places=several(
                obj("A place", name=text("Its name"), ballots=count("First cast there", 50)),
                "Most ballots first",
            ),
            others=count("Ballots of smaller places, or of no known place"),
        )
    ),
    unusual_hours=or_null(
        several(
            obj(
                "An hour with unusually many ballots, whose answers stand out",
                hour=moment("Its beginning"),
                ballots=count("Cast or changed in it"),
                usual=count("What an hour before it usually brought"),
                stands_out=_OPTION,
                options=several(
                    obj(
                        "An option",
                        option=_OPTION,
                        votes=count("In this hour"),
                        percent_label_without=or_null(text("Its share of all other ballots")),
                    ),
                    "Each option",
                ),
            ),
            "Oldest first",
        )
    ),
)
