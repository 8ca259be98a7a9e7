"""The command line: the one part of the program that prints."""
