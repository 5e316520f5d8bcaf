"""Every change of fieldwork, one function for each."""
