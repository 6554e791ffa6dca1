"""Uploads are bounded while they come in, so that a huge file never fills the disk."""

from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler

MAX_UPLOAD = 25 * 1024 * 1024


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads to a temporary file and stops at the limit; the form then says that the file is too large."""

    received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Count while writing."""
        self.received += len(raw_data)
        if self.received > MAX_UPLOAD:
            raise StopUpload(connection_reset=False)
        super().receive_data_chunk(raw_data, start)
