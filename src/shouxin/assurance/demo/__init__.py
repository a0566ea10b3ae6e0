"""`shouxin demo`: one borrower's story, told through the use cases and checked from outside."""
