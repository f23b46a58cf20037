"""The project, and the ground that the departments share. Start at settings.py and urls.py; the words are in docs/architecture.md."""
