"""What people do in the simulated LS Central: the operator actions."""
