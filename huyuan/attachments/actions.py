"""Keeping files."""

import uuid
from datetime import datetime

from django.db import transaction

from huyuan.attachments import store
from huyuan.attachments.models import Attachment
from huyuan.attachments.photos import clean_photo
from huyuan.audit import actions as audit
from huyuan.common.reach import Reach


@transaction.atomic
def attach_photo(
    *, raw: bytes, owner_kind: str, owner_code: uuid.UUID, place: str, by: Reach, now: datetime
) -> Attachment:
    """Clean a photo and keep it with its record; the caller has checked that `by` may add to the record."""
    photo = clean_photo(raw)
    attachment = Attachment.objects.create(
        county_id=by.county_id, owner_kind=owner_kind, owner_code=owner_code, place=place,
        digest=store.digest(photo.content), key_id=store.CURRENT_KEY, media_type="image/jpeg", size=len(photo.content),
        width=photo.width, height=photo.height, captured_at=photo.captured_at, uploaded_at=now, uploaded_by_id=by.person,
    )  # fmt: skip
    store.write(attachment.code, photo.content)
    store.write(attachment.code, photo.thumbnail, store.THUMBNAIL)
    audit.record("attachment:keep", target=attachment, by=by, now=now, digest=attachment.digest)
    return attachment
