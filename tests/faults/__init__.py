"""Faults made on purpose under load; after each one every ballot that was acknowledged must be there."""
