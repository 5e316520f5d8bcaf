"""Free slots, fit with reasons, and "create and plan" in one: what stands on orders and workforce.

Pure, over the plain data of `person.py` and `question.py`: `rules`, `slots`, `cost`, `suggest`,
`explain`, `answers`, `soonest`, `failing`. `loading.py` asks the database for all of it in a
constant number of messages.
"""
