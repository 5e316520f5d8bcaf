"""Every change of notify, one function for each."""
