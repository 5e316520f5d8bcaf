"""Who fits where and when, and why not: rules with words, free slots, costs, plans of whole days.

Pure, over the plain data of `person.py`: no database, no clock, no request. What is asked for, and
what is done with the answers, stands beside this folder.
"""
