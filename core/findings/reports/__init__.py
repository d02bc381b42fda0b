"""Reports of other scanners, read into one shape: nothing in them is believed before it is seen in the git object."""
