"""Pictures as text: each a frozen input, one SVG coloured by classes alone, and the table that says the same."""
