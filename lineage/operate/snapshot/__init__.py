"""What can analysts read while the projector runs? One state of all views, in files that stay as they are.

Whoever owns the database takes it, for nobody else can open the file: this command when it is free, else the
running projector, which is asked by a file in the home folder.
"""

from lineage.operate.snapshot.answering import answering
from lineage.operate.snapshot.asking import ask, ask_for_choices
from lineage.operate.snapshot.taking import Taken, as_database, take

__all__ = ["Taken", "answering", "as_database", "ask", "ask_for_choices", "take"]
