"""Every example in a docstring is run."""

import doctest
import importlib
import pkgutil

import lineage


def test_the_examples_in_docstrings_hold() -> None:
    tried = 0
    for module in pkgutil.walk_packages(lineage.__path__, "lineage."):
        failed, attempted = doctest.testmod(importlib.import_module(module.name))
        assert failed == 0, module.name
        tried += attempted
    assert tried > 0
