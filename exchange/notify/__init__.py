"""Telling people who look at no screen: which event reaches whom by which channel, and the channels themselves."""
