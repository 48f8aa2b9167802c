"""How do other teams' tools get the schemas? From a schema registry, which two commands tell and ask.

Nothing that publishes, projects or answers speaks to it: what its ids mean is kept in the home folder
(:mod:`lineage.framing`), and so all of that works on while it is down.
"""
