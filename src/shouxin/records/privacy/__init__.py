"""What people asked for about their data, and what the daily round erased."""
