"""Foreign wires by which readings come in: bytes in, readings out; what is broken is refused with its element named."""
