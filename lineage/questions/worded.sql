-- What does each piece say in the statute's words?
-- One row per piece: `facts` are its elements with their categories then, `reasons` its purposes with the statutory
-- ones they map to then. A word that the policy does not know is UNMAPPED, or maps to nothing (rulings.md 14).
with named as (
    select
        piece.ask,
        piece.event_id,
        piece.piece_from,
        unnest(case when len(told.elements) > 0 then told.elements else [null] end) as word,
        told.purposes
    from piece
    join told using (ask, event_id)
),

reasoned as (
    select
        * exclude (purposes),
        unnest(case when len(purposes) > 0 then purposes else [null] end) as purpose
    from named
)

select
    reasoned.ask,
    reasoned.event_id,
    reasoned.piece_from,
    list_distinct(list({
        'element': coalesce(policy_word.element, reasoned.word),
        'category': coalesce(policy_word.category, 'UNMAPPED')
    }) filter (where reasoned.word is not null)) as facts,
    list_distinct(list({
        'purpose': reasoned.purpose,
        'statutory': coalesce(policy_purpose.statutory, [])
    }) filter (where reasoned.purpose is not null)) as reasons
from reasoned
left join policy_word
    on policy_word.policy = $policy
    and policy_word.word = reasoned.word
    and policy_word.valid_from <= reasoned.piece_from
    and policy_word.valid_until > reasoned.piece_from
left join policy_purpose
    on policy_purpose.policy = $policy
    and policy_purpose.purpose = reasoned.purpose
    and policy_purpose.valid_from <= reasoned.piece_from
    and policy_purpose.valid_until > reasoned.piece_from
group by reasoned.ask, reasoned.event_id, reasoned.piece_from
