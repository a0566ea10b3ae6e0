"""The edge where time, chance and identifiers come from; everything else is handed them."""
