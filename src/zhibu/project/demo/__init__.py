"""A group company to try the platform on: invented people, shaped by published statistics."""
