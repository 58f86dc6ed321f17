"""What came of a question, and the survey that may stand beside the readers' result: limits."""

from __future__ import annotations

MAX_OUTCOME_LENGTH = 600
MAX_SOURCE_LENGTH = 200
MAX_URL_LENGTH = 2_048
