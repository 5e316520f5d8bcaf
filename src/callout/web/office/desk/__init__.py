"""The dispatcher's desk: what came too late, and what phones still hold."""
