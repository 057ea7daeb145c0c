"""An envelope, its documents and signers, the sealed PDF and its record. Pure: no I/O, no clock."""
