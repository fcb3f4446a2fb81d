"""Forms whose fields come from the rulebook."""

from zhibu.procedures.forms.cases import (
    CaseForm,
    EndForm,
    ExportForm,
    HappeningForm,
    PaperForm,
    ReverseForm,
    TransferForm,
)
from zhibu.procedures.forms.given import asked_for
from zhibu.procedures.forms.steps import BulkForm, NoticeForm, StepForm
from zhibu.procedures.forms.votes import typed_of

__all__ = [
    "BulkForm",
    "CaseForm",
    "EndForm",
    "ExportForm",
    "HappeningForm",
    "NoticeForm",
    "PaperForm",
    "ReverseForm",
    "StepForm",
    "TransferForm",
    "asked_for",
    "typed_of",
]
