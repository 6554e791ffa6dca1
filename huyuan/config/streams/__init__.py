"""Live streams: one bare ASGI application, so that thousands of open streams cost the database nothing.

A stream is signed in by the session cookie, in a thread that gives its database connection back before the first
byte. One connection a process listens; a notification only wakes up early: what is told comes from the rows, and
a sweep finds what a lost connection missed. Events carry numbers only; the page fetches the rest as itself.
"""

from huyuan.config.streams.serving import application

__all__ = ["application"]
