"""The demonstration: the whole path under the demo policy, with nobody behind it, and a report that says so."""
