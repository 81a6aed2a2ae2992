"""What is measured: devices, channels, readings and the alarms they raise."""
