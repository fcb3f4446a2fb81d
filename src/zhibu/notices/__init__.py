"""Publication windows, counted in working days, and objections."""
