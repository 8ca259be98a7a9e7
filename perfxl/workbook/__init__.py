"""Workbooks: `form` writes them, `reader` reads them; the defined names of the cells are the contract between them."""
