"""The demo: two small stores and one honest day, made through the product's own doors. Upper packages are named by string only."""
