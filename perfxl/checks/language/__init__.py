"""Rules on language: punctuation, doubled words, slips of the pen."""
