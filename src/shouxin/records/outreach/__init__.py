"""Cases, grants, attempts, and the messages that wait and that left."""
