"""Acts: a notice goes up, objections are received and answered, it ends with its result."""

from zhibu.notices.actions.boards import close_screen, renew_board, renew_screen
from zhibu.notices.actions.closing import record_posting, record_result
from zhibu.notices.actions.objections import answer_objection, examine_objection, receive, record_objection
from zhibu.notices.actions.publishing import correct, publish, reopen, withdraw
