"""Turning what is typed into values."""

from zhibu.life.forms.details import details_of, matter_fields, own_fields
from zhibu.life.forms.holding import HandsForm, RemarkForm, RollForm
from zhibu.life.forms.meetings import (
    ConveneForm,
    CorrectForm,
    MinutesForm,
    PlanForm,
    ReasonForm,
    RecordForm,
    agenda_forms,
    day_typed,
    existing,
    items_of,
    proposed,
)
from zhibu.life.forms.papers import (
    AttachForm,
    DisclosureForm,
    DocumentForm,
    ExaminationForm,
    LedgerForm,
    TalkForm,
)
from zhibu.life.forms.planning import (
    AdoptForm,
    LineForm,
    NewLineForm,
    RecurringForm,
    ReplyForm,
    ShiftsForm,
    SummonForm,
)

__all__ = [
    "AdoptForm",
    "AttachForm",
    "ConveneForm",
    "CorrectForm",
    "DisclosureForm",
    "DocumentForm",
    "ExaminationForm",
    "HandsForm",
    "LedgerForm",
    "LineForm",
    "MinutesForm",
    "NewLineForm",
    "PlanForm",
    "ReasonForm",
    "RecordForm",
    "RecurringForm",
    "RemarkForm",
    "ReplyForm",
    "RollForm",
    "ShiftsForm",
    "SummonForm",
    "TalkForm",
    "agenda_forms",
    "day_typed",
    "details_of",
    "existing",
    "items_of",
    "matter_fields",
    "own_fields",
    "proposed",
]
