"""Users, passwords, tokens and signed links."""

# Requirement D2: a token is good for so many calls, or for so long.
TOKEN_CALLS = 1_000
TOKEN_LIFETIME_S = 10 * 60 * 60
# A signed link has to outlive the start of a download, not the download itself.
LINK_LIFETIME_S = 15 * 60
UPLOAD_LINK_LIFETIME_S = 60 * 60
