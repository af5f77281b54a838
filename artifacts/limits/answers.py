"""What one answer may hold. Sizes of pages follow from the largest that goes through every door."""

# Lambda takes 6,291,556 bytes with the status and headers, as JSON around the body (AWS, "Lambda
# quotas"): each quotation mark and backslash of the body counts twice.
ANSWER_MAX_BYTES = 6_000_000
# What may grow in one answer stops here, so that the rest of it fits, too.
GRAPH_MAX_BYTES = 4_500_000
# An artifact of the longest name, of letters that JSON writes as two escapes, takes 3.5 kB.
ARTIFACTS_BY_NAME_PAGE_SIZE = 1_000
# An entry of the longest names takes 6 kB.
AUDIT_PAGE_SIZE = 500
# A user of the longest name takes 2 kB.
USERS_PAGE_SIZE = 1_000
