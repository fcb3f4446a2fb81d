"""Work on what matters: the unit's figures, campaigns; what links the branch to production."""
