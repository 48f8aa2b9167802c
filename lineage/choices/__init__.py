"""What may a service do with a person's data, by what people chose? Asked before, without a network.

``lineage choices export`` writes a signed snapshot of choices; a service holds it beside the policy and asks
``publisher.may_share(...)``. What a sharing would be is judged by the steps that judge it in an answer.
"""

from lineage.choices.permission import Permission, Reason

__all__ = ["Permission", "Reason"]
