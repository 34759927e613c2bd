from ingest.conversations import canonical_csv, canonical_jsonl

READERS = (canonical_jsonl, canonical_csv)
