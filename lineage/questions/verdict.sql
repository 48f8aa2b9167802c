-- What does the law call each disclosure? The ten steps of law.md A.3 as rulings.md 25 to 29 read them.
-- One row per piece of a granted sharing, judged by what was in force then, on all its purposes together. What a person
-- `decided` after review stands in place of the steps.
with met as (
    select
        worded.ask,
        worded.item,
        worded.subject,
        worded.event_id,
        worded.system,
        worded.piece_from,
        worded.piece_to,
        worded.in_window,
        worded.recipient,
        worded.actor is not null as is_onward,
        worded.undisclosed_until > worded.as_of as is_undisclosed,
        worded.is_lapsed,
        nullif(nullif(worded.decided, 'EXEMPT'), 'NOT_EXEMPT') as decided,
        worded.consideration,
        worded.occasion,
        worded.claim_evidence is not null as has_evidence,
        -- An occasion that the steps excuse counts only with its proof; else it is judged as ORDINARY.
        case
            when worded.occasion = 'ORDINARY' then true
            when worded.occasion in ('LEGAL_PROCESS', 'EMERGENCY') then worded.legal_document is not null
            when worded.occasion = 'OPT_OUT_SIGNAL' then false
            else worded.claim_evidence is not null
        end as is_proven,
        coalesce(worded.reasons, []) as reasons,
        flatten(list_transform(worded.reasons, lambda x: x.statutory)) as statutory,
        len(worded.facts) > 0 as has_facts,
        list_transform(
            list_filter(worded.facts, lambda x: x.category = 'PI_A_IDENTIFIERS'), lambda x: x.element
        ) as identifiers,
        -- An opt-out signal after the person's choice is nothing but its identifiers: only what it carries beside
        -- them is a disclosure (rulings.md 25).
        list_filter(
            coalesce(worded.facts, []),
            lambda x: not (
                worded.occasion = 'OPT_OUT_SIGNAL'
                and worded.claim_evidence is not null
                and coalesce(worded.chosen_at <= worded.piece_from, false)
                and list_contains(identifiers, x.element)
            )
        ) as facts,
        list_filter(
            coalesce($parties[list_position($recipients, worded.recipient)].contracts, []),
            lambda x: x.valid_from <= worded.piece_from and x.valid_until > worded.piece_from
        ) as contracts,
        coalesce(
            list_filter(
                $parties[list_position($recipients, worded.recipient)].categories,
                lambda x: x.valid_from <= worded.piece_from and x.valid_until > worded.piece_from
            )[1].category,
            'RCP_UNKNOWN'
        ) as recipient_category,
        len(list_filter(
            $parties[list_position($recipients, worded.recipient)].same_business,
            lambda x: x.valid_from <= worded.piece_from and x.valid_until > worded.piece_from
        )) > 0 as is_same_business,
        $parties[list_position($recipients, worded.recipient)].customer = worded.customer_then as is_their_customer
    from worded
    where worded.event in ('Shared', 'PopulationShared') and worded.outcome = 'GRANTED'
),

weighed as (
    select
        ask,
        item,
        subject,
        event_id,
        system,
        piece_from,
        piece_to,
        in_window,
        recipient,
        recipient_category,
        is_onward,
        is_undisclosed,
        is_lapsed,
        facts,
        reasons,
        is_proven,
        consideration,
        decided,
        is_proven and occasion in ('LEGAL_PROCESS', 'EMERGENCY') as is_legal,
        case
            when decided in ('INTERNAL', 'CONSUMER_DIRECTED', 'SWITCHING') then decided
            when decided in ('OPT_OUT_SIGNAL', 'MERGER') then decided
            when decided is not null then null
            when is_same_business then 'INTERNAL'                                                    -- step 1
            when is_proven and occasion in ('CONSUMER_DIRECTED', 'SWITCHING', 'MERGER')
                then occasion                                                                        -- steps 2, 4
            when occasion = 'OPT_OUT_SIGNAL' and has_facts and len(facts) = 0 then occasion          -- step 3
        end as settled,                                                                              -- step 5: is_legal
        -- Contracts name purposes by our ids or by the statute's; no purposes at all are never named.
        list_transform(reasons, lambda x: list_append(x.statutory, x.purpose)) as purposes,
        flatten(list_transform(
            list_filter(contracts, lambda x: x.kind = 'R7051' and x.role = 'SERVICE_PROVIDER'),
            lambda x: x.purposes
        )) as for_provider,
        flatten(list_transform(
            list_filter(
                contracts,
                lambda x: x.kind = 'R7051' and (x.role = 'SERVICE_PROVIDER' or (x.role = 'CONTRACTOR' and x.certified))
            ),
            lambda x: x.purposes
        )) as for_processor,
        flatten(list_transform(
            list_filter(contracts, lambda x: x.kind = 'R7053'), lambda x: x.purposes
        )) as for_third_party,
        coalesce(is_their_customer, false) as is_their_customer,
        coalesce(list_contains(statutory, 'PUR_CROSS_CONTEXT_ADS'), false) as is_cross_context,
        -- An audience list handed to an advertiser may be matched across contexts unless shown otherwise.
        coalesce(
            list_contains(statutory, 'BP6_ADS_NON_CROSS')
            and len(list_filter(facts, lambda x: x.category = 'PI_A_IDENTIFIERS')) > 0
            and recipient_category in ('RCP_AD_NETWORK', 'RCP_SOCIAL_NETWORK')
            and not has_evidence
            and not (is_proven and occasion in ('LEGAL_PROCESS', 'EMERGENCY')),
            false
        ) as is_list_match,
        [
            'BP1_AD_AUDIT', 'BP2_SECURITY', 'BP3_DEBUG', 'BP4_TRANSIENT',
            'BP5_SERVICES', 'BP6_ADS_NON_CROSS', 'BP7_INTERNAL_RESEARCH', 'BP8_QUALITY_SAFETY'
        ] as business_purposes
    from met
),

stepped as (
    select
        ask,
        item,
        subject,
        event_id,
        system,
        piece_from,
        piece_to,
        in_window,
        recipient,
        recipient_category,
        is_onward,
        is_undisclosed,
        is_lapsed,
        facts,
        decided,
        settled,
        is_legal,
        is_proven,
        is_list_match,
        consideration,
        is_cross_context or is_list_match as is_share,                                               -- step 6
        case
            when decided is not null then decided in ('BP_SERVICE_PROVIDER', 'BP_CONTRACTOR')
            else len(reasons) > 0
                and not is_cross_context
                and not is_list_match
                and len(list_filter(
                    purposes,
                    lambda x: not list_has_any(x, for_processor) or not list_has_any(x, business_purposes)
                )) = 0
        end as is_valid_provider,
        len(list_filter(purposes, lambda x: not list_has_any(x, for_provider))) = 0 as is_all_for_provider,
        len(reasons) > 0 and (
            is_their_customer or len(list_filter(purposes, lambda x: not list_has_any(x, for_third_party))) = 0
        ) as is_all_for_third_party,
        len(list_filter(purposes, lambda x: list_has_any(x, business_purposes))) > 0 as has_business_purpose,
        -- What is not known is value, except under legal process.
        consideration in ('MONEY', 'OTHER_VALUE') or (consideration = 'UNKNOWN' and not is_legal) as is_for_value
    from weighed
),

called as (
    select
        *,
        case
            when settled is not null then [settled]
            when decided is not null then [decided]
            when is_legal or is_share or (is_for_value and not is_valid_provider) then list_filter(
                [
                    case when is_legal then 'LEGAL_OR_GOV' end,
                    case when is_share then 'SHARE' end,
                    case when is_for_value and not is_valid_provider then 'SALE' end                 -- step 7
                ],
                lambda x: x is not null
            )
            when is_valid_provider and is_all_for_provider then ['BP_SERVICE_PROVIDER']              -- step 8
            when is_valid_provider then ['BP_CONTRACTOR']
            when is_all_for_third_party then ['BP_THIRD_PARTY']                                      -- step 9
            else ['UNCLASSIFIED']                                                                    -- step 10
        end as called
    from stepped
),

-- What an order of silence hides: a disclosure under legal process, and nothing else (rulings.md 28).
silenced as (
    select
        called.*,
        list_filter(
            facts,
            lambda x: called = ['LEGAL_OR_GOV'] and (
                coalesce(is_undisclosed, false)
                or list_has_any(coalesce(order_of_silence.elements, []), [x.element, '*'])
            )
        ) as hidden_facts,
        called = ['UNCLASSIFIED'] as is_unplaced
    from called
    left join order_of_silence
        on order_of_silence.ask = called.ask and order_of_silence.authority = called.recipient
)

select
    ask,
    item,
    subject,
    event_id,
    system,
    piece_from,
    piece_to,
    in_window,
    recipient,
    recipient_category,
    facts,
    hidden_facts,
    list_filter(facts, lambda x: not x.is_below and not list_contains(hidden_facts, x)) as told_facts,
    called,
    decided,
    -- The worst case stands for what no step places.
    case when is_unplaced then ['SALE'] else called end as kinds,
    decided is null and settled is null and (
        not is_proven
        or is_list_match
        or is_lapsed
        or (list_contains(called, 'SALE') and consideration = 'UNKNOWN')
        or is_unplaced
    ) as unreviewed,
    case when is_unplaced then ['SALE'] else list_intersect(called, ['SALE', 'SHARE']) end
        as sold_or_shared,
    -- What a provider hands on to another one adds nothing (rulings.md 24).
    list_position(['INTERNAL', 'SWITCHING', 'OPT_OUT_SIGNAL'], settled) is null
        and (has_business_purpose or called = ['BP_THIRD_PARTY'])
        and not (is_onward and list_has_any(called, ['BP_SERVICE_PROVIDER', 'BP_CONTRACTOR']))
        and (len(told_facts) > 0 or len(facts) = 0) as is_disclosed,
    not is_valid_provider and list_has_any(called, [
        'SALE', 'SHARE', 'UNCLASSIFIED', 'BP_THIRD_PARTY', 'LEGAL_OR_GOV', 'CONSUMER_DIRECTED', 'MERGER'
    ]) as is_to_third_party
from silenced
