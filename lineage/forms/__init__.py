"""What people read: an answer as a page, a printed letter, a table, or in the terminal."""
