"""Who undertakes what, by when, how it is closed, by what evidence, and who sees it."""
