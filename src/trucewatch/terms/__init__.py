"""The vocabulary: frozen dataclasses, ids, errors and the codebook. Nothing here knows another room."""
