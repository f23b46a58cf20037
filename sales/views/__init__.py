"""Pages of sales: leads.py the list, one lead and what people do with it; arrivals.py what no reader understood."""
