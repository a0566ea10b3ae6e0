"""Applying for credit, and the decision: one of the two places where loan and datum meet."""
