"""What is sent as a number and is none, or no row's, is no number: never a fault."""

from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from zhibu.ui import asked

SENT = st.text(max_size=20) | st.text("0123456789٣²１ -+_.eE", max_size=20) | st.just("9" * 5000)
LARGEST_KEY = 2**63 - 1


@given(SENT, st.integers(1, 18))
def test_a_whole_number_is_digits_and_not_too_many(text, digits):
    found = asked.whole(text, digits)
    assert (found is None) == (not text or len(text) > digits or bool(set(text) - set("0123456789")))
    assert found is None or (found == int(text) and found <= LARGEST_KEY)


@given(st.lists(SENT, max_size=4))
def test_rows_ticked_are_keys(texts):
    request = RequestFactory().post("/", {"row": texts, "version": "7"})
    keys = asked.ticked(request, "row")
    assert keys == [int(text) for text in texts if asked.whole(text) is not None]
    assert asked.version(request) == 7
