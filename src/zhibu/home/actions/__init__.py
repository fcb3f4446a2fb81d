"""Acts: what the home of a branch has is looked at; honours are entered, shown and revoked."""

from zhibu.home.actions.honours import publish_honour, record_honour, revoke_honour
from zhibu.home.actions.inventory import confirm_fixtures, record_fixture
