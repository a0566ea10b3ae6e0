"""The lender's desk: a collector's day, case by case; every look at a person is an entry in that person's history."""
