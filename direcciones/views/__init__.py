"""Pages of the directory: catalogues and the public portafolio."""
