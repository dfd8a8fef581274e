"""Exports, one module each: `csvs`, `geojson`, `jsonlines`, `parquet`. The same telling gives the same bytes."""
