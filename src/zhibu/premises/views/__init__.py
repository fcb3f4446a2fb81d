"""Pages of the home of a branch: what it has, all branches at a glance, honours."""

from zhibu.premises.views.honours import honour, honours, publish_honour, record_honour, revoke_honour, wall
from zhibu.premises.views.inventory import confirm_fixtures, inventory, photo, record_fixture, sheet
from zhibu.premises.views.overview import export, overview
