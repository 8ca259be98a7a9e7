"""Many workbooks: which there are, what was made of them, making the rest, and telling of all in 汇总."""
