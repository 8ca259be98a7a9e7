"""What is wrong with the tools of an office rather than with what a clerk typed."""

from __future__ import annotations


class AuthorFault(Exception):
    """A report type, a Word template or a profile is not as it must be.

    The message is a Chinese sentence for whoever maintains it. No clerk can mend it, and it is no fault of the program.
    """
