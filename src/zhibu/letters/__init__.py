"""Letters from members and from everyone, answered within a term; posts; and the public portal."""
