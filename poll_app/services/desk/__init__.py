"""What editors do: articles, polls, their wording, their outcome, and the view over all."""
