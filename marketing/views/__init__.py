"""Pages of marketing. Twelve queries at most each, the rail's own counts apart."""
