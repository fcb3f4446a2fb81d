"""Pages of undertakings: lists, one of them, and what is done with it."""

from zhibu.undertakings.views.doing import (
    agree,
    attachment,
    claim,
    close,
    decline,
    extend,
    give_up,
    hand_over,
    report_done,
    report_progress,
    send_back,
    undertake,
)
from zhibu.undertakings.views.reading import behind, problems, small_tasks, undertaking, undertakings
