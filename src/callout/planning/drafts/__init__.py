"""Plan drafts: asked for in `making`, worked out by a job in `filling`, done in `applying`, taken
back in `undoing`."""
