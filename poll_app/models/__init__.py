"""The tables: what is stored, and the constraints that hold whatever the code does."""

from poll_app.models.ballots import (
    COUNTED,
    WITHDRAWN,
    Ballot,
    Choice,
    HourlyTally,
    HourlyTurnout,
    PastAnswer,
    Peek,
    Tally,
    Turnout,
    WrittenBatch,
)
from poll_app.models.content import (
    Article,
    Option,
    Outcome,
    Poll,
    Survey,
)
from poll_app.models.cross_tables import ToldPairs
from poll_app.models.discussion import (
    Discussion,
    FairCount,
    FairPoint,
    Marker,
    MindChanged,
    Reason,
    ReasonText,
    Report,
    ReturnCode,
)
from poll_app.models.people import (
    Account,
    Act,
    Invitation,
    Passkey,
    RecoveryCode,
    SignIn,
)
from poll_app.models.placements import (
    Placement,
    PlacementTally,
)

__all__ = [
    "COUNTED",
    "WITHDRAWN",
    "Account",
    "Act",
    "Article",
    "Ballot",
    "Choice",
    "Discussion",
    "FairCount",
    "FairPoint",
    "HourlyTally",
    "HourlyTurnout",
    "Invitation",
    "Marker",
    "MindChanged",
    "Option",
    "Outcome",
    "Passkey",
    "PastAnswer",
    "Peek",
    "Placement",
    "PlacementTally",
    "Poll",
    "Reason",
    "ReasonText",
    "RecoveryCode",
    "Report",
    "ReturnCode",
    "SignIn",
    "Survey",
    "Tally",
    "ToldPairs",
    "Turnout",
    "WrittenBatch",
]
