"""Signing in by phone, and what a borrower sees and changes of their own sign-ins."""
