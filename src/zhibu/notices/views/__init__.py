"""Pages of notices: for those who publish, for those who handle objections, for everyone."""

from zhibu.notices.views.boards import own_board, poster, renew_board
from zhibu.notices.views.objections import (
    answer_objection,
    examine_objection,
    objection,
    objections,
    record_objection,
)
from zhibu.notices.views.public import board, past, public_notice, receipt, send_objection
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
