"""The rules an editor would argue about: pure functions, no database, no HTTP."""
