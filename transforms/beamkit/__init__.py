"""The only shared Beam code: output tags, coders, the sealed exchange, progress ticks."""
