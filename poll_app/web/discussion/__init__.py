"""The discussion as readers meet it: reasons beside answers, marks, reports, the way back."""
