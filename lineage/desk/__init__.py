"""The desk: what people decided, and who read whom.

The database of lineage is derived from the log and can be thrown away. What stands here cannot: cases, issued
reports, reviews, decisions on links and the access log are event-sourced, in a store of their own.
"""
