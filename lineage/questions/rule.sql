-- Which words does the policy know, and when may a judgement change?
-- One row: the summary of the policy that judges.
select *
from policy_summary
where policy = $policy
