"""Organisational life: what is planned, told, held and made up; minutes, talks, papers."""
