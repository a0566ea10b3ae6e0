"""Template words of the loan pages."""
