"""The disk: files written beside and moved into place, and what is kept between runs."""
