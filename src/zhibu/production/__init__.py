"""Work on what matters: the unit's figures, campaigns, practices; what links the branch to production."""
