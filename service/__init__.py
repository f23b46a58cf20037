"""Service: repair orders, the lane, declined work, visits. Start at playbook.py."""
