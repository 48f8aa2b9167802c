-- Write the small tables anew, without what has been overtaken. Islands of sequence numbers that touch become one.
create or replace temporary table merged_run as
with ordered as (
    select
        *,
        max(last) over (
            partition by producer, incarnation
            order by first, last
            rows between unbounded preceding and 1 preceding
        ) as before
    from sequence_run
),

numbered as (
    select
        *,
        count(*) filter (where before is null or first > before + 1) over (
            partition by producer, incarnation
            order by first, last
            rows between unbounded preceding and current row
        ) as island
    from ordered
)

select producer, incarnation, min(first) as first, max(last) as last
from numbered
group by producer, incarnation, island;

delete from sequence_run;

insert into sequence_run
select producer, incarnation, first, last from merged_run
order by producer, incarnation, first;

drop table merged_run;
