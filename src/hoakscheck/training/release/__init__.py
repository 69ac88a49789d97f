"""From a trained candidate to a released model: what it changes, whether it may, and under which version."""
