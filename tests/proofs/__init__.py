"""Long proofs: what "Must show" asks for and a machine can run. `make prove` runs them part by part."""
