-- How many values does the statement take that is being looked at?
select cardinality(parameter_types) as "parameters!" from pg_prepared_statements where name = 'looked_at'
