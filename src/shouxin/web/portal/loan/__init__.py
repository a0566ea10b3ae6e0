"""Living with a loan: what is owed and when, the schedule, paying, and the deferral."""
