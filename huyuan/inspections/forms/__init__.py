"""Forms of checks and hazards: they validate, never save."""

from huyuan.inspections.forms.checks import AnswerForm, BeginForm, CancelForm, PhotoForm, ReopenForm
from huyuan.inspections.forms.fields import ReasonForm
from huyuan.inspections.forms.handovers import CoordinationForm, PromiseForm, RefuseForm, ResultForm, TransferForm
from huyuan.inspections.forms.hazards import (
    CloseForm,
    DecisionForm,
    ExtensionForm,
    LevelForm,
    OrderForm,
    PauseForm,
    RectifyForm,
    RejectForm,
)
from huyuan.inspections.forms.papers import (
    DeclineForm,
    ListingForm,
    NoticeForm,
    NoticeNumberForm,
    NumberingForm,
    ProposeForm,
    ReceiptForm,
    RefusalForm,
    WithdrawNoticeForm,
)
from huyuan.inspections.forms.roving import DrawForm, DropForm, MoveForm
from huyuan.inspections.forms.spot import SpotForm, UnconfirmedForm

__all__ = [
    "AnswerForm",
    "BeginForm",
    "CancelForm",
    "CloseForm",
    "CoordinationForm",
    "DecisionForm",
    "DeclineForm",
    "DrawForm",
    "DropForm",
    "ExtensionForm",
    "LevelForm",
    "ListingForm",
    "MoveForm",
    "NoticeForm",
    "NoticeNumberForm",
    "NumberingForm",
    "OrderForm",
    "PauseForm",
    "PhotoForm",
    "PromiseForm",
    "ProposeForm",
    "ReasonForm",
    "ReceiptForm",
    "RectifyForm",
    "RefusalForm",
    "RefuseForm",
    "RejectForm",
    "ReopenForm",
    "ResultForm",
    "SpotForm",
    "TransferForm",
    "UnconfirmedForm",
    "WithdrawNoticeForm",
]
