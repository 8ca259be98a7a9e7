"""The contents page: its field, its entries and the estimate of their page numbers."""
