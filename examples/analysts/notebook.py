# %% [markdown]
# # What a snapshot tells
#
# A snapshot is one state of the lineage, for reading by whom and as often as you like:
#
#     lineage snapshot /analysts/2026-06-01
#
# Run this file cell by cell in an editor that knows `# %%`, or as a whole: `python notebook.py FOLDER`.
# It needs the package duckdb, and nothing of lineage. What each column means, `snapshot.json` says.

# %%
import json
import sys
from pathlib import Path

import duckdb

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "snapshot")
told = json.loads((folder / "snapshot.json").read_text())
print(f"taken {told['taken_at']}, {told['views']['events']['rows']} events")

# %% [markdown]
# The same questions can be asked of both forms: one DuckDB file, or a Parquet file for each view.

# %%
file = folder / "snapshot.duckdb"
if file.exists():
    lineage = duckdb.connect(str(file), read_only=True)
else:
    lineage = duckdb.connect()
    for view in told["views"]:
        lineage.execute(f"create view {view} as from read_parquet('{folder / view}.parquet')")
lineage.execute("set timezone = 'UTC'")

# %% [markdown]
# ## Who received which kinds of data, of how many people?

# %%
print(
    lineage.sql(
        """
        select recipient, element, count(distinct subject) as people, count(*) as times
        from disclosures
        where outcome is distinct from 'DENIED'
        group by all
        order by people desc, recipient, element
        """
    )
)

# %% [markdown]
# ## What was collected, month by month?

# %%
print(
    lineage.sql(
        """
        select date_trunc('month', occurred_at) as month, element, count(*) as times
        from facts
        where event = 'Collected'
        group by all
        order by month, element
        """
    )
)

# %% [markdown]
# ## Can these figures be believed?
#
# Numbers that never came, and records that were refused: what they say is in none of the figures above.

# %%
print(lineage.sql("select producer, count_missing, covers_from, covers_until from coverage order by all"))
print(lineage.sql("select reason, count(*) as records from parked where settled_at is null group by all"))
