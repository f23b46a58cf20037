"""Pages of promises: the day and one promise, what a person may do with it, the playbook, facts that failed."""
