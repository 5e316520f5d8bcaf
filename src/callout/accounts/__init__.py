"""Who people are: users and their roles, sessions, API tokens, and the company itself.

Knows no technician, customer or order. Sign-in itself is allauth's: the one writer besides
`services`; `signals` puts what it does in the journal.
"""
