-- Folds the tables of one adopted policy, $policy, into policy_word, policy_party, policy_client and policy_summary.
-- For a time without categories an element that is known is UNMAPPED, so that a word has a row at every instant.
insert into policy_word
with ended as (
    select
        element,
        coalesce(
            max(valid_until) over (
                partition by element
                order by valid_from, valid_until
                rows between unbounded preceding and 1 preceding
            ),
            '-infinity'::timestamptz
        ) as hole_from,
        valid_from as hole_until
    from (
        select element, valid_from, valid_until
        from policy_element_category
        where policy = $policy
        union all
        select element, 'infinity'::timestamptz, 'infinity'::timestamptz
        from policy_element
        where policy = $policy
    )
),

mapped as (
    select element, category, valid_from, valid_until
    from policy_element_category
    where policy = $policy
    union all
    select element, 'UNMAPPED', hole_from, hole_until
    from ended
    where hole_from < hole_until
)

select
    $policy,
    named.word,
    mapped.element,
    mapped.category,
    mapped.valid_from,
    mapped.valid_until
from mapped
join (
    select element, element as word
    from policy_element
    where policy = $policy
    union all
    select element, alias
    from policy_element_alias
    where policy = $policy
) as named on named.element = mapped.element;

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

insert into policy_client
select
    policy,
    customer,
    coalesce(
        (
            select list({
                'we_set_purposes': role.we_set_purposes,
                'valid_from': role.valid_from,
                'valid_until': role.valid_until
            })
            from policy_customer_role as role
            where role.policy = known.policy and role.customer = known.customer
        ),
        []
    ) as roles,
    coalesce(
        (
            select list({
                'instruction': told.instruction,
                'purposes': told.purposes,
                'recipients': told.recipients,
                'valid_from': told.valid_from,
                'valid_until': told.valid_until
            })
            from policy_instruction as told
            where told.policy = known.policy and told.customer = known.customer
        ),
        []
    ) as instructions
from policy_customer as known
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
