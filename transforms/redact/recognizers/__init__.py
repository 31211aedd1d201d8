"""Recognisers of our own: data where a pattern says enough, functions where it does not."""
