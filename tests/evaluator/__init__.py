"""What must the answer be? An evaluation of the rulings by itself, sharing no code with the product.

It is written from the fixed pages of the design and reads the shipped vocabulary, nothing else. It answers
for one token. Left out so far, each with its seam: links and other tokens (``Asked.facts``), corrections and
retractions (``told.read``), as-of and ranges (``times.window``), exemptions, roles and actors
(``Asked.sharings``), gags (``Verdict.listed``), populations (``Asked.sharings``), ages
(``Asked.sensitive``), systems that are not searched (``_pieces``).
"""

from evaluator.answer import evaluate
from evaluator.told import Record

__all__ = ["Record", "evaluate"]
