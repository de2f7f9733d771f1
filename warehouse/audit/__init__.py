"""From a figure back to its lines, and proofs that nothing was changed."""
