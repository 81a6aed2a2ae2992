"""Other systems: the HTTP API and call logs; foreign words end here."""
