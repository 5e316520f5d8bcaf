"""What the screens are built of: built assets, icons and the small marks.

No queries, no rules, no knowledge of any room: values in, safe HTML out.
"""
