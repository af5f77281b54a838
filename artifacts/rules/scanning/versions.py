"""The version of the rules of scanning, for those who compare and need no scanner."""

# Increased whenever a scanner, the allow-list or the list of dangers changes: then all is scanned
# again, a little every day.
SCAN_RULES_VERSION = 2
