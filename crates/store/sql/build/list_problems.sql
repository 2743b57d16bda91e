-- Why can the rollups not be trusted, however healthy they look? Nothing when all is well.
select problem as "problem!" from tidemark.capture_problems() as problem order by problem
