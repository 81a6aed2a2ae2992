"""What people see: the pages, their words and the shell they stand in; everything is asked of the desk."""
