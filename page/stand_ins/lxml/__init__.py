"""What perfxl needs of lxml to read Word templates, where there is no lxml: see `etree`."""
