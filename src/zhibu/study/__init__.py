"""Study: plans, a library that can be searched, hours, tutors in turn, self-tests."""
