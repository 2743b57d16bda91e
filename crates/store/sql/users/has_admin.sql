-- Is there an admin who can log in?
select exists (select from tidemark.users where role = 'admin' and not is_disabled) as "has_admin!"
