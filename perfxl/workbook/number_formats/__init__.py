"""What a cell shows: a value and the number format of its cell, as Chinese Excel puts them on the screen."""
