"""Sales: leads, deals from the desk to a month after the delivery, what is owed with them, cars in stock. Start at playbook.py."""
