from tests.rooms.concerns.asking import _own_boxes, survey, who
from tests.town import big_town, enter, now, town

__all__ = ["_own_boxes", "big_town", "enter", "now", "survey", "town", "who"]
