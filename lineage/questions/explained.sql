-- Why does a disclosure stand where it stands?
-- One row per piece in the window: the steps of law.md A.3 that decided, and the contracts then in force that name one
-- of its purposes, where a step relied on one.
select
    verdict.event_id::text as event_id,
    verdict.piece_from,
    verdict.piece_to,
    verdict.recipient,
    verdict.recipient_category,
    verdict.kinds,
    verdict.unreviewed,
    verdict.decided,
    verdict.sold_or_shared,
    verdict.is_disclosed,
    verdict.is_to_third_party,
    verdict.told_facts as facts,
    verdict.hidden_facts,
    list_transform(worded.reasons, lambda x: x.purpose) as purposes,
    worded.consideration,
    list_sort(list_distinct(list_transform(verdict.called, lambda x: case x
        when 'INTERNAL' then 1
        when 'CONSUMER_DIRECTED' then 2
        when 'SWITCHING' then 2
        when 'OPT_OUT_SIGNAL' then 3
        when 'MERGER' then 4
        when 'LEGAL_OR_GOV' then 5
        when 'SHARE' then 6
        when 'SALE' then 7
        when 'BP_SERVICE_PROVIDER' then 8
        when 'BP_CONTRACTOR' then 8
        when 'BP_THIRD_PARTY' then 9
        else 10
    end))) as steps,
    list_sort(list_distinct(list_transform(
        list_filter(
            coalesce($parties[list_position($recipients, verdict.recipient)].contracts, []),
            lambda x: x.valid_from <= verdict.piece_from
                and x.valid_until > verdict.piece_from
                and list_has_any(x.purposes, flatten(list_transform(
                    worded.reasons, lambda y: list_append(y.statutory, y.purpose)
                )))
                and case
                    when list_has_any(verdict.called, ['BP_SERVICE_PROVIDER', 'BP_CONTRACTOR']) then x.kind = 'R7051'
                    else verdict.called = ['BP_THIRD_PARTY'] and x.kind = 'R7053'
                end
        ),
        lambda x: x.contract
    ))) as contracts
from verdict
join worded on worded.item = verdict.item and worded.piece_from = verdict.piece_from
where verdict.in_window
order by verdict.piece_from, event_id
