"""The Word template: docxtpl's tags, what they may do, and the texts they print."""
