"""The customer archive: entities and fields, code lists, numbering, the demonstration data, import and export."""
