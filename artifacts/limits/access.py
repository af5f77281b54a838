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

# What a name looks like may take more characters than the name, at most four for one; in bytes it
# still fits the index of either database (2,704 on PostgreSQL).
NAME_KEY_MAX_CHARS = 600
# An IPv6 address, the longest form.
ADDRESS_MAX_CHARS = 45

# A hash of a password takes 100 MB (Argon2 with Django's parameters) and a processor for a tenth of
# a second. So many are computed at once in a process ...
PASSWORD_SLOTS = 3
# ... of which so many for people who are not known: anybody may ask for these.
PASSWORD_SLOTS_FOR_STRANGERS = 2
# So many wait for a slot, and so long. With those who have one they hold 14 of the web server's 32
# threads, or 23 if others than strangers make a storm too; the rest is refused at once.
PASSWORD_WAITING_MAX = 12
PASSWORD_WAIT_MAX_S = 3.0
# The same for who is known at an address, or works with a token.
PASSWORD_KNOWN_WAITING_MAX = 8
PASSWORD_KNOWN_WAIT_MAX_S = 8.0
# When to ask again, if that was not enough.
PASSWORD_BUSY_RETRY_AFTER_S = 2

# Failed sign-ins are forgiven one by one, each after so many seconds; so many may be open. First
# those of one user at one address: a person who tries all of his passwords, then 2,880 a day.
PAIR_FAILURES, PAIR_FAILURE_S = 10, 30
# The same where that user has signed in at that address before. Somebody else at the address must
# not keep him out: past the first number, wrong passwords are answered with 429 and the right one
# still signs in; past the second, none is looked at.
KNOWN_FAILURES, KNOWN_FAILURES_MAX, KNOWN_FAILURE_S = 20, 200, 10
# At one address, whoever is tried: an office has several people who mistype.
ADDRESS_FAILURES, ADDRESS_FAILURE_S = 50, 5
# For one user, from wherever. Past it, an address where that user never signed in has
# `PAIR_FAILURES_UNDER_ATTACK` tries instead of `PAIR_FAILURES`: never none.
USER_FAILURES, USER_FAILURE_S = 100, 2
PAIR_FAILURES_UNDER_ATTACK = 1
# How long an address is known after a sign-in.
KNOWN_ADDRESS_LIFETIME_S = 30 * 24 * 60 * 60
# What is over is removed this often, so that made-up names do not gather.
SIGN_IN_TALLIES_PRUNED_S = 60
