-- What does the policy say that an answer needs, as one value?
-- One row; each of its fields is a relation, by the name of the table that it stands for.
select {
    'naming': (select list(naming) from naming),
    'policy_element_alias': (select list(each) from policy_element_alias as each where policy = $policy),
    'policy_client': (select list(each) from policy_client as each where policy = $policy),
    'policy_party': (select list(each) from policy_party as each where policy = $policy),
    'policy_purpose': (select list(each) from policy_purpose as each where policy = $policy),
    'policy_source': (select list(each) from policy_source as each where policy = $policy),
    'policy_summary': (select list(each) from policy_summary as each where policy = $policy),
    'policy_system': (select list(each) from policy_system as each where policy = $policy),
    'policy_word': (select list(each) from policy_word as each where policy = $policy)
} as declared
