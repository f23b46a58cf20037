"""Pure readers of DMS files: bytes in, rows by header name out."""
