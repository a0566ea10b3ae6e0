"""The book's tables, one app a room. They hold ids, dates, amounts and codes; no personal field.

Ids are UUIDv7 text, handed in. Money is whole minor units beside an ISO 4217 currency. Each table
about a person carries `subject_id`, so that the book can be spread over machines by it; no
constraint reaches across subjects.
"""
