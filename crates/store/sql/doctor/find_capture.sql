-- What of the capture of changes is missing or disabled?
select 'action_results' as "subject!", problem as "evidence!", null::text[] as statements, null as advice
from tidemark.capture_problems() as problem
