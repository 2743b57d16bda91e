-- Everything is to be counted anew.
select tidemark.begin_build()
