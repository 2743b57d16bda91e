-- How many groups of whole UTC days from $1 until $2 (null is no bound) were wrong? They are counted anew.
select tidemark.rebuild_range(coalesce($1, '-infinity'::timestamptz), coalesce($2, 'infinity'::timestamptz)) as "mended!"
