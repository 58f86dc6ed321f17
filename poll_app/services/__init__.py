"""Use cases: each loads, decides, writes and commits once; time and identity come in."""
