"""Pages of letters and bulletins, and the public portal."""
