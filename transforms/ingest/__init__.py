"""From files of any supported recorder to whole sessions of the canonical raw log, bad input set aside."""
