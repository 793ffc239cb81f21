"""What people read, for handlers and desk alike: catalogues of sentences, and dates. A leaf: it knows nobody."""
