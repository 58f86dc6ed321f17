"""People with an account: who they are, how they prove it, where they are signed in."""
