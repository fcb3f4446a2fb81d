from tests.town import enter, now, town

__all__ = ["enter", "now", "town"]
