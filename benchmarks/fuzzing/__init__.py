"""Fuzzing of what reads strangers' files: how inputs are changed, what they are given to, what they may cost.

In: samples of recordings. Out: inputs that raise, stall, swell or are quoted in an error.
Start reading in ``targets``; ``benchmarks.fuzz_formats`` is the command.
"""
