"""DuckDB as the engine of an audit of files: reads them much quicker than the importer, and the same values."""
