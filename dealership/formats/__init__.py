"""How figures and days are written in each language of the pages, where that is not as Django knows it (`FORMAT_MODULE_PATH`)."""
