"""Turning what is typed into values."""

from zhibu.life.forms.details import details_of, matter_fields, own_fields
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
from zhibu.life.forms.papers import AttachForm, DocumentForm, ExaminationForm, LedgerForm, TalkForm

__all__ = [
    "AttachForm",
    "ConveneForm",
    "CorrectForm",
    "DocumentForm",
    "ExaminationForm",
    "LedgerForm",
    "MinutesForm",
    "PlanForm",
    "ReasonForm",
    "RecordForm",
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
