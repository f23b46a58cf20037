#!/usr/bin/env python
"""Django's command line for Kept."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dealership.settings")
    from django.core.management import execute_from_command_line

    from dealership import sight

    with sight.all_stores("whoever holds the console serves all stores"):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
