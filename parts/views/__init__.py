"""Pages of parts, by what they are about."""
