"""Programs of sensitive models, hostile and honest, run for real by Node.js 24.

`make monitors` installs that and runs these tests; without it they are passed over and say so.
"""
