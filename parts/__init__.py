"""Parts: what is asked for, quoted, ordered, awaited, binned and fitted. Start at playbook.py."""
