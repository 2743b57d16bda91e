-- How many rows wait? The planner asks.
analyze import_rows
