#!/usr/bin/env python
"""The shell door: Django's command line for the registry."""

import sys

# Commands that serve until told to stop, and so listen to signals.
_LONG_COMMANDS = ("serve", "run_worker")


def main() -> None:
    """Run one management command."""
    from registry_site import stopping

    # Before anything else: a signal that comes while Django is imported must not get lost.
    if sys.argv[1:2] and sys.argv[1] in _LONG_COMMANDS:
        stopping.listen()
    from registry_site.starting import choose_settings, explained

    with explained():
        choose_settings("registry_site.settings.development")
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        # What a shell calls the end by Ctrl-C.
        sys.exit(130)
