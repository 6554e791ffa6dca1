"""Showing a file to those who may see its record."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from huyuan.attachments import store
from huyuan.attachments.models import Attachment
from huyuan.attachments.queries import can_see
from huyuan.people.http import PageRequest


@require_safe
@cache_control(private=True, max_age=3600)
def show(request: PageRequest, code: UUID, size: str = "full") -> HttpResponse:
    """Answer the picture, or its small copy."""
    attachment = get_object_or_404(Attachment.objects.visible_to(request.reach), code=code)
    if not can_see(request.reach, attachment):
        raise Http404
    suffix = store.THUMBNAIL if size == "small" else ""
    content = store.read(code, attachment.key_id, suffix)
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=attachment.media_type)
