"""What does a team's fideslang already say, in the words of a policy? Only drafts: a person adopts them.

fideslang (by Ethyca, an optional package) is a vocabulary for tagging data and systems. What it says goes one
way, `manifests` -> `tagged` -> `drafting` -> `written`; `counterparts.yaml` holds our reading of its keys.
"""
