"""The life of a loan: shown, signed, paid out, paid back, put off, brought over, closed at night."""
