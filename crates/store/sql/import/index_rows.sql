-- Where are the rows of one slice? They lie in the order they came, so a tiny index finds them.
create index import_rows_row_number on import_rows using brin (row_number) with (pages_per_range = 16)
