"""Marketing: nothing is owed here yet; its seams arrive with surveys."""
