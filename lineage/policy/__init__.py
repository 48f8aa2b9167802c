"""What has the business declared, and which words does the statute give it?"""

from lineage.errors import PolicyError
from lineage.policy.loading import load, parse
from lineage.policy.policy import Policy
from lineage.policy.vocabulary import Vocabulary, statute

__all__ = ["Policy", "PolicyError", "Vocabulary", "load", "parse", "statute"]
