"""What the office may expect: each figure measured beside its floor or peer in the same run."""
