"""Acts: a promise is signed, duties are handed out, a check is recorded with what it found."""

from zhibu.integrity.actions.checking import add_finding, record_check
from zhibu.integrity.actions.promising import assign_duties, sign_promise
