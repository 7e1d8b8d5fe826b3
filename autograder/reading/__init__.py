"""Reading notebooks: the released one as the skeleton, a student's for what may be theirs."""
