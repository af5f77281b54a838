"""The media types of stored objects."""

BYTES = "application/octet-stream"
JSON = "application/json"
TEXT = "text/plain"
ZIP = "application/zip"
