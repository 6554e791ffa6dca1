"""Uploads are bounded while they come in, so that a huge file never fills the disk."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

KEPT = 25 * 1024 * 1024


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to a temporary file and keeps no more than a bound; the file still tells its full size, by which
    the form refuses it with a sentence instead of the connection breaking off.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep the chunk, or let it pass by."""
        if start < KEPT:
            super().receive_data_chunk(raw_data, start)
