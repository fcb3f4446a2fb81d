"""Pages of pledges."""

from zhibu.pledges.views.doing import make, publish, withdraw
from zhibu.pledges.views.reading import cards, pledges, wall
