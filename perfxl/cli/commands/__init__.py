"""The commands, a module each: `words` adds what may be written behind it, `run` does it and returns its exit status.

A command prints what people are told; nothing below it does.
"""
