"""Sales: leads today; deals and deliveries to come. Start at playbook.py."""
