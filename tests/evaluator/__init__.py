"""What must the answer be? An evaluation of the rulings by itself, sharing no code with the product.

It is written from the fixed pages of the design and reads the shipped vocabulary, nothing else. A log is
read as of an instant (``known``: what is accepted in ``told``, what counts in ``chains``, whose it is in
``linked`` and ``whose``), then each question is answered out of it, block by block (``answer``).
"""

from evaluator.answer import Question, answer, evaluate
from evaluator.known import Known
from evaluator.told import Record

__all__ = ["Known", "Question", "Record", "answer", "evaluate"]
