from ingest.templates import bundle

READERS = (bundle,)
