"""How it looks: base pages, pieces, forms, doors, and the front end they are built from."""
