"""Which files a county brings, what each is for, and how each is read: the edge where foreign files end."""
