"""Who may do what in study, as mandates.yaml has it, for the people of the township."""

from __future__ import annotations

from dataclasses import replace

from zhibu import rulebook
from zhibu.core.authority import Actor, Mandate


def with_study(actor: Actor) -> Actor:
    """The actor with the verbs of study and letters that the posts held are granted."""
    mandates = []
    for mandate in actor.mandates:
        posts = {mandate.post, "member"} if mandate.post != "committee_officer" else {mandate.post}
        for post in sorted(posts):
            for grant in rulebook.load(()).mandates[post]:
                verbs = frozenset(
                    each
                    for each in grant.verbs
                    if each.startswith(("study.", "letters.", "life.", "undertakings."))
                )
                if verbs:
                    place = mandate if post == mandate.post else replace(mandate, post=post)
                    mandates.append(Mandate(post, place.organisation, place.path, verbs, grant.reach))
    return replace(actor, mandates=tuple(mandates))
