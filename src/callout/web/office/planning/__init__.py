"""Planning: the board's page, what fails tomorrow, and drafts of plans."""
