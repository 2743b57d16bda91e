-- How many totals of triggers were wrong? All are counted anew when one was.
select tidemark.rebuild_triggers() as "mended!"
