"""Does the archive still say what it said? Trees of hashes, signed heads, and a look at all of it."""
