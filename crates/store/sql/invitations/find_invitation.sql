-- Whom does this link invite?
select invitation.user_id, users.name as "name?"
from tidemark.invitations as invitation
left join tidemark.users as users on users.id = invitation.user_id
where invitation.token_hash = $1 and invitation.expires_at > now() and users.is_disabled is not true
