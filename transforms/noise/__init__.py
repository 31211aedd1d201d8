"""Differential privacy: keyed integer noise, released clocks, and what may be claimed about them."""
