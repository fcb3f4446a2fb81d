"""The first page: what is due, what waits for me, how my branch or my committee stands. Reads only."""

from .branch import BranchDesk, branch_desk, window_told
from .committee import CommitteeDesk, Lagging, committee_desk
from .lines import REASONS, Line, Waiting, day_told, invitations
from .own import FirstStep, MyDesk, first_steps, leads, my_desk, operator_lines, own_branches
from .parts import Parts
from .whole import desk_of
