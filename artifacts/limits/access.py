"""Users, passwords, tokens and signed links."""

# Requirement D2: a token is valid for so many calls and for so long.
TOKEN_CALLS = 1_000
TOKEN_LIFETIME_S = 10 * 60 * 60
# The longest `X-Authorization` that is read: our tokens have 43 characters, those of other
# registries up to 100, plus `bearer`, quotation marks and a few spaces.
AUTHORIZATION_MAX_CHARS = 256
TOKEN_MIN_CHARS, TOKEN_MAX_CHARS = 20, 100
# Tokens for programs: how long one may last at most, and how many a user has at most, so that a
# list of them is short. Nobody tells a hundred names apart.
PROGRAM_TOKEN_LIFETIME_MAX_DAYS = 365
PROGRAM_TOKENS_MAX = 100
# How many calls a minute one may make unless a setting says otherwise: the Hub's clients need two
# for a file, so a snapshot of 1,000 files with room to spare, and no program in a loop harms.
PROGRAM_TOKEN_CALLS_PER_MINUTE = 3_000
# Each process writes its count of a token's calls once it has this part of what is allowed: fifty
# writes a minute for a token that is used to its limit, one for a token that is used little.
PROGRAM_TOKEN_COUNT_SHARE = 50
# What a person calls a token, to tell it from others.
TOKEN_NAME_MAX_CHARS = 100
# A signed link must be valid when a download starts, not until it ends.
LINK_LIFETIME_S = 15 * 60
UPLOAD_LINK_LIFETIME_S = 60 * 60

# The key of look-alike names may be longer than the name, at most four characters for one. Its
# bytes still fit into an index of either database (2,704 on PostgreSQL).
NAME_KEY_MAX_CHARS = 600
# The longest form of an IPv6 address.
ADDRESS_MAX_CHARS = 45

# How many password hashes a process computes at once. Each takes 100 MB (Argon2 with Django's
# parameters) and a tenth of a second of a processor.
PASSWORD_SLOTS = 3
# How many of them for unknown callers, since anybody may cause these.
PASSWORD_SLOTS_FOR_STRANGERS = 2
# How many callers wait for a slot, and how long. With those who have a slot, strangers hold 14 of
# the web server's 32 threads, or 23 threads if known users flood it too; others are refused at
# once.
PASSWORD_WAITING_MAX = 12
PASSWORD_WAIT_MAX_S = 3.0
# The same for users who are known at an address or have a token.
PASSWORD_KNOWN_WAITING_MAX = 8
PASSWORD_KNOWN_WAIT_MAX_S = 8.0
# When to try again after that.
PASSWORD_BUSY_RETRY_AFTER_S = 2

# How many failed sign-ins are allowed; one is forgiven after each period of so many seconds. First
# for one user from one address: it lets people try all their passwords, then 2,880 a day.
PAIR_FAILURES, PAIR_FAILURE_S = 10, 30
# The same if that user has signed in from that address before. Others at the address must not lock
# the user out: past the first number, wrong passwords get a 429 and the right one still signs in;
# past the second, no password is checked.
KNOWN_FAILURES, KNOWN_FAILURES_MAX, KNOWN_FAILURE_S = 20, 200, 10
# For one address and all users: several people in an office mistype.
ADDRESS_FAILURES, ADDRESS_FAILURE_S = 50, 5
# For one user from all addresses. Past it, an address where that user never signed in has
# `PAIR_FAILURES_UNDER_ATTACK` tries instead of `PAIR_FAILURES`, but never none.
USER_FAILURES, USER_FAILURE_S = 100, 2
PAIR_FAILURES_UNDER_ATTACK = 1
# How long an address stays known after a sign-in.
KNOWN_ADDRESS_LIFETIME_S = 30 * 24 * 60 * 60
# How often expired counts are removed, so that those of made-up names do not accumulate.
SIGN_IN_TALLIES_PRUNED_S = 60
