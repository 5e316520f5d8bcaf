"""Home: where a manager's day begins: its figures, what needs a decision, the last weeks."""
