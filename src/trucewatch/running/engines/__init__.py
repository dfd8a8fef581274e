"""Where batches run: in process, in several processes, on a cluster."""
