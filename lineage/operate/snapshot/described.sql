-- What do the views and their columns mean? One row per column of a view, in the order of the columns.
select
    views.view_name,
    views.comment as view_means,
    columns.column_name,
    columns.comment as column_means
from duckdb_views() as views
join duckdb_columns() as columns
    on columns.database_name = views.database_name
    and columns.schema_name = views.schema_name
    and columns.table_name = views.view_name
where not views.internal and views.database_name = current_database()
order by views.view_name, columns.column_index
