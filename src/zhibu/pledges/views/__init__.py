"""Pages of pledges and zones."""

from zhibu.pledges.views.doing import make, publish, withdraw
from zhibu.pledges.views.marking import mark_branch, mark_group, mark_self
from zhibu.pledges.views.portraits import portrait, remove_portrait, set_portrait
from zhibu.pledges.views.reading import cards, pledges, wall
from zhibu.pledges.views.year import member_year
from zhibu.pledges.views.zones import plan, zone, zone_sheet, zones
from zhibu.pledges.views.zoning import (
    check_zone,
    draw_zone,
    end_zone,
    publish_zones,
    redraw_zone,
    remove_plan,
    set_plan,
)
