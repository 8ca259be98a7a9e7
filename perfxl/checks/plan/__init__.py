"""Rules on plans: identity, money, indicators, repetition."""
