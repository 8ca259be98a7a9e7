"""Stands for hypothesis where it has no wheel: what it would try is skipped, everything else in its modules runs."""

import inspect

import pytest

_REASON = "hypothesis has no wheel for this interpreter; the same properties are tried under CPython"


class _Anything:
    """A strategy, whatever is done to it."""

    def __getattr__(self, name):
        return _Anything()

    def __call__(self, *_words, **_more):
        return _Anything()

    def __or__(self, other):
        return self

    __ror__ = __or__


strategies = _Anything()
HealthCheck = _Anything()


def given(*words, **more):
    def decorated(function):
        def skipped(**given_by_pytest):
            pytest.skip(_REASON)

        asked = [one for name, one in inspect.signature(function).parameters.items() if name not in more]
        skipped.__signature__ = inspect.Signature(asked[: len(asked) - len(words)])  # strategies fill the last ones
        skipped.__name__, skipped.__doc__ = function.__name__, function.__doc__
        return skipped

    return decorated


def settings(*words, **more):
    return lambda function: function


example = settings
seed = settings


def assume(condition):
    return condition


def note(text):
    """Say nothing."""


def reproduce_failure(*words):
    return lambda function: function
