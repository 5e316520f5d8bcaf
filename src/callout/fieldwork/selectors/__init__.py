"""What is read of fieldwork, for an actor."""
