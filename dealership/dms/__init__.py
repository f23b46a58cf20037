"""The dealer management system, as files: feeds, staged records, freshness. Departments pull what they own."""
