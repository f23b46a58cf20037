"""Facts: what can happen (catalogue), how it is told (bus), what was told (models). Knows nobody."""
