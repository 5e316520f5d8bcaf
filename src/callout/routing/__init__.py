"""Route optimisation: the best day that can be driven.

`engine` thinks: plain data in, a plan out; no Django, no database. Around it live the runs that the
worker does, and what they read and propose. What is found becomes a plan draft of `planning`.
"""
