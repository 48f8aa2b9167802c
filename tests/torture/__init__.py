"""Does anything get lost, or counted twice, when everything fails at once?

A real broker, services that tell by themselves, by a spool and by an outbox, a projector and an archiver,
each a process of its own, tortured for a while; then everything that was confirmed is looked for.
``PYTHONPATH=tests python -m torture --seconds 300 --seed 7``.
"""
