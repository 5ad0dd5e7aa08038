"""Long random days against a small model of what must come out."""
