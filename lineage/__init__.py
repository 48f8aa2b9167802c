"""What happened to each person's data, and the answer the law owes them."""

__version__ = "0.1.0"
