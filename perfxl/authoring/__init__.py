"""The author's side: what is wrong with a schema, a form, a template or a profile, and types made from a drawn form."""
