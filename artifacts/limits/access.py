"""Users, passwords, tokens and signed links."""

# Requirement D2: a token is good for so many calls, or for so long.
TOKEN_CALLS = 1_000
TOKEN_LIFETIME_S = 10 * 60 * 60
# What `X-Authorization` may hold: a token has 43 characters, those of other registries up to 100;
# then `bearer`, quotation marks and a few blanks. What is longer is not read.
AUTHORIZATION_MAX_CHARS = 256
TOKEN_MIN_CHARS, TOKEN_MAX_CHARS = 20, 100
# A signed link has to outlive the start of a download, not the download itself.
LINK_LIFETIME_S = 15 * 60
UPLOAD_LINK_LIFETIME_S = 60 * 60
