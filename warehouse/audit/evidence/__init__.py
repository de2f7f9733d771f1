"""Evidence bundles for somebody who does not trust us: a figure with all that proves it (build), their verifier (verify)."""
