"""Many finished documents as one: a volume with one contents page, every document as it looks by itself."""
