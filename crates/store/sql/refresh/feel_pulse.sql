-- Was anything committed since somebody asked last, a mark on the charts or a resolved error included? Then the pulse is
-- another one. What it tells is as of the moment at which this began, just before its snapshot.
select tidemark.pulse() || '/' || changes.number as "beat!", now() as "moment!"
from tidemark.annotation_changes as changes
