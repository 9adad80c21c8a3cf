"""Files: those that are uploaded, those that are fetched by link, those that come in forms."""
