-- What of the capture of changes is missing or disabled?
select 'action_results' as "subject!", problem as "evidence!", 'tidemark migrate' as "fix!", false as "is_statement!"
from tidemark.capture_problems() as problem
