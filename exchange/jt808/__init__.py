"""JT/T 808 (2013 and 2019): vehicles' terminals over TCP; bytes in, positions out, the platform's answers back."""
