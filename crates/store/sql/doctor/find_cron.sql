-- What is wrong with the jobs of pg_cron that refresh the views?
select subject as "subject!", evidence as "evidence!", statements, advice
from tidemark.cron_problems()
