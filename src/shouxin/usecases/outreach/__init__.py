"""Reaching a person about a payment: the other place where loan and datum meet."""
