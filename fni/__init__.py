"""F&I: nothing is owed here yet; its seams arrive with deals."""
