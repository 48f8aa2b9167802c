"""From records to rows, purely: decode, weigh, judge, and the columns of one transaction.

``batch`` is the way in; ``project`` makes columns of records, ``parking`` refuses what must be refused,
``content`` tells a repeat from another story, ``details`` keeps what has no column of its own.
"""
