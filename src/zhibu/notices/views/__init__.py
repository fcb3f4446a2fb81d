"""Pages of notices: for those who publish, for those who handle objections, for everyone."""

from zhibu.notices.views.boards import own_board, poster, renew_board, wall
from zhibu.notices.views.objections import (
    answer_objection,
    examine_objection,
    objection,
    objections,
    record_objection,
)
from zhibu.notices.views.public import board, feed, past, public_notice, receipt, send_objection
from zhibu.notices.views.publishing import (
    correct,
    notice,
    notices,
    proof,
    publish,
    record_posting,
    record_result,
    reopen,
    sheet,
    withdraw,
)
from zhibu.notices.views.screens import (
    add_slogan,
    close_screen,
    own_screen,
    renew_screen,
    screen,
    worker,
)
