"""Reads another system's loan tape by a map that says where each column belongs.

A column is a loan term, a field of the borrower's, a payment, or dropped by name; there is no
fifth place, and a column of other people's contacts is refused wherever it is sent.
"""
