"""Forms around ledgers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.common.sheets import UnreadableFile, check_size
from huyuan.ledgers.declaration import LINE, Ledger


class SaveViewForm(Form):
    """A name for the present filters."""

    occasion = Occasion("ledgers.view", _("Save a view of a ledger"), {"name": "ledgers.savedview.name", "query": None})
    name = forms.CharField(label=_("Name of the view"), max_length=40)
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)


class SheetForm(Form):
    """An agency's empty sheet."""

    occasion = Occasion("ledgers.sheet", _("Give an empty sheet"), {"file": "ledgers.countycolumnset.layout"})
    file = forms.FileField(
        label=_("Empty sheet"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
        help_text=_("The agency's own sheet with its titles, .xlsx. Rows below the titles are not read."),
    )


class ColumnSetForm(Form):
    """A name, and for each printed title what stands in its column."""

    occasion = Occasion(
        "ledgers.columns", _("Name the columns of an export"), {"title": "ledgers.countycolumnset.title"}
    )
    title = forms.CharField(label=_("Name in the export menu"), max_length=60)

    def __init__(self, *args: Any, columns: Sequence[tuple[str, str]], ledger: Ledger, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("leave empty")), (LINE, _("running number"))]
        choices += [(key, one.title) for key, one in ledger.fields.items()]
        for place, (title, key) in enumerate(columns):
            if title:
                self.fields[f"column-{place}"] = forms.ChoiceField(
                    label=title, choices=choices, required=False, initial=key
                )

    @property
    def keys(self) -> dict[int, str]:
        """The field chosen for each column that has a title."""
        return {int(n.removeprefix("column-")): key for n, key in self.cleaned_data.items() if n.startswith("column-")}


class ImportForm(Form):
    """A workbook, and which coordinates it holds where that matters. Its cells are counted when they are written."""

    occasion = Occasion("ledgers.give", _("Give a workbook"), {"file": None, "datum": "ledgers.importrun.datum"})
    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text=_(
            "As it is: .xlsx, .xls, .ods or .csv, at most 20 MB. Header rows, notes and subtotals may stay in it."
        ),
    )
    datum = forms.ChoiceField(label=_("Coordinates"), required=False)

    def __init__(self, *args: Any, datums: Sequence[tuple[str, str | Promise]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if datums:
            self.fields["datum"] = forms.ChoiceField(
                label=_("Coordinates"), required=False, choices=[("", _("as the workbook says")), *datums]
            )
        else:
            self.fields["datum"].widget = forms.HiddenInput()

    def clean_file(self) -> UploadedFile[Any]:
        """Not larger than what is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            check_size(file.size or 0)
        except UnreadableFile as error:
            raise forms.ValidationError(str(error.message)) from error
        return file
