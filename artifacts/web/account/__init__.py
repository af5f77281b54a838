"""What a person does with their own account: signing in and out."""
