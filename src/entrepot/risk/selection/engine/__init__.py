"""Selection over files of declarations, and the weekly protocol against the oracle."""
