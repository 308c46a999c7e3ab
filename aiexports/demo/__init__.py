"""The demonstration's fictional companies, packages, buyers, needs and introductions, made by the rooms' own actions.

Deterministic: what differs between rows is chosen by their position. Every company, buyer and person is invented; the
screening list is the real one of 2022-05-06.
"""
