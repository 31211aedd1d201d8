"""Sessions cut into short chunks that no id links: the release profile ``events``."""
