"""Pages of promises: the day and one promise, the list of them, what a person may do with it, the playbook, facts that failed."""
