from ingest.payments import bgmax, camt

READERS = (bgmax, camt)
