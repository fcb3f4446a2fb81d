"""What is still wanting before the minutes of a meeting are closed, by its kind."""

from __future__ import annotations

from datetime import timedelta

from zhibu.core.norms.sessions import Kept, Need
from zhibu.core.refusal import Caution, Force, Refusal
from zhibu.core.wording import Text
from zhibu.life import details, kinds
from zhibu.life.models import Session, Talk, TalkKind
from zhibu.life.queries.papers import attachments
from zhibu.ui.language import pick


def wanting(session: Session) -> list[Refusal]:
    """Everything the kind asks for that is not there: refusals for what must be, cautions for what should."""
    kind = kinds.known().get(session.kind)
    if kind is None or session.held_on is None:
        return []
    tags = list(session.agenda.values_list("tag", flat=True))
    found = details.wanting(session.kind, tags, session.details)
    found += [
        _told(need, kind.sources[0].document, kind.sources[0].article)
        for need in kind.needs
        if not _kept(session, need)
    ]
    least = kind.least_on(session.held_on)
    if session.present_count < least:
        found.append(Refusal(
            code="life.too_few",
            message=Text("到会 {present} 人，不足 {least} 人", "{present} were present, fewer than {least}"),
            params={"present": session.present_count, "least": least},
            source=kind.sources[0].document, article=kind.sources[0].article,
        ))  # fmt: skip
    return sorted(found, key=lambda each: not each.blocks)


def _told(need: Need, document: str, article: str) -> Refusal:
    made = Refusal if need.force is Force.MUST else Caution
    told = {
        Kept.AGENDA: Text("请补写议题", "Please enter the items"),
        Kept.MINUTES: Text("请补写会议记录", "Please write the minutes"),
        Kept.RESOLUTION: Text("请补写决议", "Please enter what was decided"),
        Kept.ATTACHMENT: Text("请加入附件", "Please add the file"),
        Kept.TALKS: Text("请先记录谈心谈话", "Please record the talks first"),
    }[need.record]
    return made(
        code=f"life.wanting_{need.record}",
        message=pick(need.because),
        remedy=told,
        source=document,
        article=article,
    )


def _kept(session: Session, need: Need) -> bool:
    match need.record:
        case Kept.AGENDA:
            return session.agenda.exists()
        case Kept.MINUTES:
            return bool(session.minutes.strip())
        case Kept.RESOLUTION:
            return session.agenda.exclude(resolution="").exists()
        case Kept.ATTACHMENT:
            return bool(attachments("zb_session", session.pk))
    day = session.held_on
    if day is None:
        return False
    talks = Talk.objects.filter(organisation_id=session.organisation_id, kind=TalkKind.HEART_TO_HEART)
    return talks.filter(held_on__range=(day - timedelta(days=need.within_days), day)).exists()
