"""Importing this prepares a process: for the server of `multiprocessing`, which can be told of modules alone."""

from perfxl.pipeline import accelerators

accelerators.prepare()
