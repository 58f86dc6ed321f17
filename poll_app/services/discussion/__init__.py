"""The discussion: writing, reading, marking, reporting, moderating."""
