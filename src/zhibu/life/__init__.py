"""Organisational life: meetings, lessons, talks, appraisal and study."""
