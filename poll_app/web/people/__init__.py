"""Signing in and out, the own account, the people of the newsroom."""
