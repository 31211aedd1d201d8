"""The only shared cryptography: the key set, pseudonyms, sealed envelopes and keyed random bytes."""
