"""Organisations, people, membership, posts and terms."""
