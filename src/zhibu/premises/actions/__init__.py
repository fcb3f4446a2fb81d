"""Acts: what the home of a branch has is looked at; honours are entered, shown and revoked."""

from zhibu.premises.actions.honours import publish_honour, record_honour, revoke_honour
from zhibu.premises.actions.inventory import confirm_fixtures, record_fixture
