"""`{% control field %}`: a form's control in our look."""

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()
CHECKS = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The control with the class of its kind; Django ties hint and errors to it."""
    widget = field.field.widget
    look = (
        "form-check-input"
        if isinstance(widget, CHECKS)
        else "form-select"
        if isinstance(widget, forms.Select)
        else "form-control"
    )
    attributes: dict[str, str | bool] = {"class": f"{look} {widget.attrs.get('class', '')}".strip()}
    return field.as_widget(attrs=attributes)
