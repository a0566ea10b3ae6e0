"""What everybody may read: the question and its answer, how to check it, the log, the rules, the price, the help."""
