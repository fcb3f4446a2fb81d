"""The home of a branch: the ten haves and two cabinets, and its honours."""
