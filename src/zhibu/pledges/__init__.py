"""Members show who they are and what they promise: yearly pledges, cards, the sheet of the supervision board."""
