-- Are the four views over the live truth? They are put in place now, unless they were already.
select tidemark.install_views() as "is_new!"
