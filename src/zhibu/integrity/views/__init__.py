"""Pages of integrity."""

from zhibu.integrity.views.doing import add_finding, assign_duties, record_check, sign_promise
from zhibu.integrity.views.reading import branches, check, integrity
