"""The capabilities of keyveil, one package each: plain functions on frozen records, and one Beam stage."""
