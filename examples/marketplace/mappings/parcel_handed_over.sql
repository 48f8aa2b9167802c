-- The carrier took the parcel, with the address and what the order says about it.
-- event: Shared
with order_row as (
    select distinct
        o.order_id,
        -- customers without a row of their own keep the id that the order gives them
        coalesce(c.customer_unique_id, o.customer_id) as account,
        o.order_delivered_carrier_date as happened
    from read_csv('orders.csv.gz', header = true, all_varchar = true) as o
    left join (
        select distinct customer_id, customer_unique_id
        from read_csv('customers.csv.gz', header = true, all_varchar = true)
    ) as c using (customer_id)
)

select
    'account:' || account as subject,
    order_id || ' ' || account as row_key,
    strptime(happened, '%m/%d/%Y %H:%M') at time zone 'America/Sao_Paulo' as occurred_at,
    ['order_history', 'postal_address'] as elements,
    'parcel_carrier' as recipient,
    ['deliver_order'] as purposes,
    'NONE' as consideration,
    'shop' as system,
    'parcel_handed_over' as activity
from order_row
where happened <> ''
