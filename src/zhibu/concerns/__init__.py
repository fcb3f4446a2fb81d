"""What people are concerned about: surveys without names, the quarter's analysis, matters open, care."""
