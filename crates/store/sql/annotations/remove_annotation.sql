-- Is the annotation $1 gone? Removes it, if it is there.
delete from tidemark.annotations where id = $1
