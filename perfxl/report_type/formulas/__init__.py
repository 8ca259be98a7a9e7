"""The language of the formulas that types state for their sheets: arithmetic, texts, comparisons, and functions."""
