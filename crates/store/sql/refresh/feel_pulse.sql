-- Was anything committed since somebody asked last? Then the pulse is another one. What it tells is as of the moment at
-- which this began, just before its snapshot.
select tidemark.pulse() as "beat!", now() as "moment!"
