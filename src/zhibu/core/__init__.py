"""What follows from what: pure functions over frozen values, without clock, storage or framework."""
