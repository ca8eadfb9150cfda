"""Weights on disk and how they come here: manifest, fetching, proof. The only outgoing HTTP of the project."""
