"""Pages of sales: lead_list.py the list, leads.py one lead and what people do with it; arrivals.py what no reader understood."""
