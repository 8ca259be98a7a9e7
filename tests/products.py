"""Documents of records that tests made or read, through the same door as every command."""

from perfxl.pipeline.examine import Examination
from perfxl.pipeline.produce import produce


def document(record, report_type, **options):
    """Return the document of a record, None where it would lack a text, and the findings that say which."""
    product = produce(Examination((), report_type, record), **options)
    return product.document, list(product.findings)
