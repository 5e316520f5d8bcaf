"""One's own account, users and the company: pages over the room `accounts`."""
