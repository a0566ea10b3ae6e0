"""The life of a loan: terms, schedule, events and the account that is nothing but their fold."""
