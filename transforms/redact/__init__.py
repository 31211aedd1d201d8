"""Finds personal text in every column of a session and puts surrogates in its place."""
