-- How far are the rollups, without any view being refreshed?
select found_changes from tidemark.fold()
