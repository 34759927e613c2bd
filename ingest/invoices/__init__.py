from ingest.invoices import register_csv, ubl

READERS = (register_csv, ubl)
