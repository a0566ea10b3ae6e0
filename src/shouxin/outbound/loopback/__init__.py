"""The other end of a road, on this machine: real protocols for the demo and the tests only."""
