-- What if the rollups cannot be trusted? Then changes are captured from now on, and everything is to be counted anew.
select from tidemark.begin_build()
