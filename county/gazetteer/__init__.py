"""What is called so: names of the county found as they are typed, in Chinese, pinyin, initials or English, with mistakes."""
