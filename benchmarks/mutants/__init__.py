"""Mutation testing: small faults in the code, one at a time, and the tests that catch them (``make mutants``)."""
