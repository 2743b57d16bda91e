-- What are the triggers $1 called?
select id as "id!", name as "name!"
from tidemark.trigger_directory
where id = any($1) and name is not null
