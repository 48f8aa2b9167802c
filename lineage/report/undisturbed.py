"""How are thousands of answers made without a search for garbage that is not there?"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Inside, Python does not look for objects that hold each other in a ring.

    Answers hold none. All the same the many objects of a few hundred people would be looked through again and
    again while they are made, which takes a fifth of the time. Memory is freed as ever once nobody holds it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
