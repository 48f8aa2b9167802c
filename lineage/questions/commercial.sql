-- Which systems' data was sold, shared, or used for advertising or for money?
-- One row per system, of all who are asked about (rulings.md 33).
select distinct system
from verdict
where len(sold_or_shared) > 0 and system is not null

union

select distinct system
from worded
where event = 'Used'
    and system is not null
    and list_has_any(flatten(list_transform(reasons, lambda x: x.statutory)), [
        'BP1_AD_AUDIT', 'BP4_TRANSIENT', 'BP6_ADS_NON_CROSS', 'CP_MARKETING_OWN', 'CP_THIRD_PARTY_MARKETING',
        'CP_DATA_MONETISATION', 'PUR_CROSS_CONTEXT_ADS'
    ])
