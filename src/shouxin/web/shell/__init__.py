"""What all faces share: doors, words, forms, answers that are no page of their own."""
