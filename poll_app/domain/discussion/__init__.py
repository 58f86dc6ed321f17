"""The rules of the discussion: what a reason may be, where it stands, who decides about it."""
