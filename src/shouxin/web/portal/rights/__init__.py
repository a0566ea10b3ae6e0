"""What I can ask about my data, and what became of it."""
