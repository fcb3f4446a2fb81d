"""Sign-in, and turning a user into an actor."""
