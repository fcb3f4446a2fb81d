"""Pages of undertakings: lists, one of them, and what is done with it."""

from zhibu.undertakings.views.doing import (
    attachment,
    claim,
    close,
    extend,
    give_up,
    hand_over,
    report_done,
    report_progress,
    send_back,
    undertake,
)
from zhibu.undertakings.views.reading import behind, problems, small_tasks, undertaking, undertakings
