"""Trains the learned part of the reader and writes its weights. Not shipped with the product; needs `train` extras."""
