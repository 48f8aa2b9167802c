-- Folds the tables of one adopted policy, $policy, into policy_word, policy_party and policy_summary.
insert into policy_word
select
    policy,
    element as word,
    element,
    category,
    valid_from,
    valid_until
from policy_element_category
where policy = $policy
union all
select
    category.policy,
    alias.alias as word,
    category.element,
    category.category,
    category.valid_from,
    category.valid_until
from policy_element_category as category
join policy_element_alias as alias
    on alias.policy = category.policy and alias.element = category.element
where category.policy = $policy;

insert into policy_party
select
    policy,
    recipient,
    customer,
    coalesce(
        (
            select list({'category': filed.category, 'valid_from': filed.valid_from, 'valid_until': filed.valid_until})
            from policy_recipient_category as filed
            where filed.policy = known.policy and filed.recipient = known.recipient
        ),
        []
    ) as categories,
    coalesce(
        (
            select list({'valid_from': same.valid_from, 'valid_until': same.valid_until})
            from policy_recipient_same_business as same
            where same.policy = known.policy and same.recipient = known.recipient
        ),
        []
    ) as same_business,
    coalesce(
        (
            select list({
                'contract': bound.contract,
                'kind': bound.kind,
                'role': bound.role,
                'certified': bound.certified,
                'purposes': bound.purposes,
                'valid_from': bound.valid_from,
                'valid_until': bound.valid_until
            })
            from policy_contract as bound
            where bound.policy = known.policy and bound.recipient = known.recipient
        ),
        []
    ) as contracts
from policy_recipient as known
where policy = $policy;

insert into policy_summary
select
    $policy as policy,
    coalesce((
        select list(distinct word)
        from (
            select element as word from policy_element where policy = $policy
            union all
            select alias as word from policy_element_alias where policy = $policy
        )
    ), []) as elements,
    coalesce((
        select list(distinct purpose)
        from (
            select purpose from policy_purpose_scope where policy = $policy
            union all
            select purpose from policy_purpose where policy = $policy
        )
    ), []) as purposes,
    coalesce((select list(distinct source) from policy_source where policy = $policy), []) as sources,
    coalesce((select list(distinct recipient) from policy_recipient where policy = $policy), []) as recipients,
    coalesce((select list(distinct customer) from policy_customer where policy = $policy), []) as customers,
    coalesce((select list(distinct instant) from policy_boundary where policy = $policy), []) as boundaries;
