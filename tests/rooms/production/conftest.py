from tests.town import big_town, enter, now, town

__all__ = ["big_town", "enter", "now", "town"]
