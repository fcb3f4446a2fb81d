"""Acts: a pledge is made, published, withdrawn; plans of the unit are given; a zone is drawn, looked at, ended, shown."""

from zhibu.pledges.actions.making import make
from zhibu.pledges.actions.marking import mark_branch, mark_group, mark_self
from zhibu.pledges.actions.planning import remove_plan, set_plan
from zhibu.pledges.actions.portraits import forget_portraits, remove_portrait, set_portrait
from zhibu.pledges.actions.publishing import publish, withdraw
from zhibu.pledges.actions.zoning import check_zone, draw_zone, end_zone, publish_zones
