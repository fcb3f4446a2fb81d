"""Acts: a pledge is made, published, withdrawn."""

from zhibu.pledges.actions.making import make
from zhibu.pledges.actions.publishing import publish, withdraw
