"""Parts: nothing is owed here yet; its seams arrive with special orders."""
