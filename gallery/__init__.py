"""What do the answers look like? A dozen invented people, and what each would get, in every form."""
