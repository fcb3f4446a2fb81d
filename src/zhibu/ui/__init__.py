"""How it looks: base templates, components, and the sources of the front end."""
