-- Which statements of this database took longest in all, by whomever? The first $1.
select statement as "statement!", calls as "calls!", total_ms as "total_ms!", longest_ms as "longest_ms!"
from tidemark.database_statements($1)
