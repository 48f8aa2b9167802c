"""Is the log the whole story, and where is it not? For analysts and handlers, by the questions of answers."""
